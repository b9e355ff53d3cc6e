// The mock's customer keys, and links to finished objects.
import type {
  Connection,
  NewCustomerKey,
  Detail,
  Fault,
  FaultKind,
  KeptKey,
  Link,
  Presign,
  InvalidOption,
} from "../../wire/wire";
import { optionError } from "../../optionError";
import { faultOf } from "./scenes";

const WEEK = 7 * 24 * 3600;

function refused(kind: FaultKind, wrong: InvalidOption): Fault {
  return faultOf(kind, optionError(wrong), { reason: { is: "stored", wrong } });
}

/** Keys by their MD5s; what is typed is not kept, and the MD5 is a made-up one. */
export class CustomerKeys {
  #known: KeptKey[];
  #keychain: () => boolean;

  constructor(keychain: () => boolean) {
    this.#keychain = keychain;
    this.#known = keychain()
      ? [{ md5: "tP/LI3N87DFaSk0aoqYgzg==", name: "Archive 2026", inKeychain: true }]
      : [];
  }

  list(): KeptKey[] {
    return [...this.#known];
  }

  keep(given: NewCustomerKey): KeptKey {
    const key = given.key.trim();
    if (!/^([0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$/i.test(key)) {
      throw refused("credentials", { thing: "keyForm" });
    }
    const kept = {
      md5: md5Of(key),
      name: given.name.trim(),
      inKeychain: given.remember && this.#keychain(),
    };
    this.#known = [...this.#known.filter((one) => one.md5 !== kept.md5), kept];
    return kept;
  }

  forget(md5: string): null {
    this.#known = this.#known.filter((one) => one.md5 !== md5);
    return null;
  }
}

/** Not the MD5, but as long, and another one for another key. */
function md5Of(key: string): string {
  const sum = [...key].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) >>> 0, 7);
  return `${btoa(String(sum).padStart(16, "0")).slice(0, 22)}==`;
}

export function linkTo(
  detail: Detail,
  connection: Connection | undefined,
  { seconds, download }: Presign,
): Link {
  if (seconds < 1 || seconds > WEEK) {
    throw refused("unsupported", { thing: "linkTime" });
  }
  if (detail.row.status !== "done") {
    throw refused("unsupported", { thing: "linkNotDone" });
  }
  if (connection?.sign.with === "nothing") {
    throw refused("unsupported", { thing: "linkUnsigned" });
  }
  const query = new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Expires": String(seconds),
    "X-Amz-Signature": "5d1c0e9f2a7b48c3a6e1d4f09b27c85e63f1a0d49e8c7b52f6a3d1e0c9b84725",
  });
  if (download) query.set("response-content-disposition", "attachment");
  return {
    url: `${detail.url}?${query.toString()}`,
    until: Date.now() + seconds * 1000,
    mayEndSooner: connection?.sign.with === "environment",
  };
}

// The stand-in's proofs: what was compared of each done upload, its receipt, and holding that against the server.
import type {
  Detail,
  Evidence,
  Finding,
  Proof,
  Receipt,
  Row,
  Verdict,
  Verification,
  VerifyRequest,
} from "../../wire/wire";
import { faultOf } from "./scenes";

/** How long the server takes to tell all, and how long the file with it, in ms. */
const SERVER = 700;
const FILE = 1500;

const CRC64 = "cMhO4tY8Bq0=";
const MD5 = "9b2cf535f27731c974343645a3985328";

const whole: Proof = {
  algorithm: "CRC64NVME",
  type: "FULL_OBJECT",
  value: CRC64,
  compared: "wholeObject",
  parts: "CRC64NVME",
};
const composite: Proof = {
  algorithm: "CRC32C",
  type: "COMPOSITE",
  value: "q9Xb2g==-40",
  compared: "composite",
  parts: "CRC32C",
};
const size: Proof = {
  algorithm: "none",
  type: "SIZE",
  value: "",
  compared: "size",
  parts: null,
};

/** Each kind of proof once in eight rows. */
export function proofOf({ id, parts }: Row): Proof {
  switch (id % 8) {
    case 3:
      return parts > 1
        ? {
            ...whole,
            algorithm: "MD5",
            type: "COMPOSITE",
            value: `${MD5}-${parts}`,
            compared: "etag",
            parts: "MD5",
          }
        : { ...whole, algorithm: "MD5", value: MD5, compared: "etag", parts: null };
    case 4:
      return composite;
    case 5:
      return size;
    case 6:
      return { ...size, parts: "MD5" };
    default:
      return whole;
  }
}

export function receiptOf({ row, ...detail }: Detail): Receipt {
  if (!row.proof) throw faultOf("unsupported", "There is no receipt: nothing was sent.");
  return {
    form: 1,
    by: "Windlass 0.1.0",
    endpoint: null,
    region: "us-east-1",
    bucket: row.bucket,
    key: row.key,
    versionId: detail.versionId,
    etag: detail.etag,
    size: row.size,
    path: row.path,
    modifiedAt: detail.addedAt - 86_400_000,
    crc64nvme: CRC64,
    checksum: row.proof,
    partSize: detail.partSize,
    parts: [],
    startedAt: detail.startedAt ?? detail.addedAt,
    finishedAt: detail.finishedAt ?? detail.addedAt,
    sent: detail.sent,
    resumed: detail.resumed,
    retries: detail.retries,
    resent: detail.resent,
  };
}

/** Rows of the last eights show what can go wrong: 9 was replaced since, 10 was deleted, 11 may not be read. */
function verdictOf(row: Row): Verdict {
  if (row.id === 9) return "differs";
  if (row.id === 10) return "gone";
  return row.proof?.compared === "size" ? "sizeOnly" : "same";
}

const OTHER: Evidence = {
  tells: "values",
  algorithm: "CRC64NVME",
  ours: CRC64,
  theirs: "Zk0x1vGm7Yw=",
  against: "receipt",
};

function findingsOf(row: Row, file: boolean): Finding[] {
  const verdict = verdictOf(row);
  if (verdict === "gone") return [{ what: "object", held: "differs", said: { tells: "absent" } }];
  const { algorithm, value } = row.proof ?? { algorithm: null, value: "" };
  const etag: Evidence = { tells: "value", algorithm: null, value: `${MD5}-${row.parts}` };
  const same = verdict === "same";
  const findings: Finding[] = [
    { what: "object", held: "same", said: { tells: "there" } },
    { what: "size", held: "same", said: { tells: "size", bytes: row.size } },
    verdict === "differs"
      ? { what: "checksum", held: "differs", said: OTHER }
      : same && row.proof?.compared !== "etag"
        ? { what: "checksum", held: "same", said: { tells: "value", algorithm, value } }
        : { what: "checksum", held: "untold", said: { tells: "none" } },
    same
      ? { what: "etag", held: "same", said: etag }
      : { what: "etag", held: "untold", said: { tells: "none" } },
    { what: "version", held: "untold", said: { tells: "none" } },
    { what: "parts", held: "untold", said: { tells: "partsUntold" } },
  ];
  if (file) findings.push({ what: "file", held: "same", said: { tells: "fileSame" } });
  return findings;
}

export class Verifications {
  #next = 1;
  #running = new Map<number, { started: number; row: Row; file: boolean }>();
  readonly #still: boolean;

  constructor(still: boolean) {
    this.#still = still;
  }

  begin(row: Row, { file }: VerifyRequest): number {
    if (row.id === 11) throw faultOf("denied", "These keys may not read it (s3:GetObject).");
    this.#running.set(this.#next, { started: Date.now(), row, file });
    return this.#next++;
  }

  /** The upload that is verified. */
  of(number: number): number {
    return this.#running.get(number)?.row.id ?? 0;
  }

  stand(number: number): Verification {
    const found = this.#running.get(number);
    if (!found) throw faultOf("bug", "No such verification.");
    const { started, row, file } = found;
    const passed = this.#still ? FILE : Date.now() - started;
    const end = file ? FILE : SERVER;
    const all = findingsOf(row, file);
    const told = Math.floor((passed / SERVER) * (all.length - (file ? 1 : 0)));
    const share = Math.min(1, Math.max(0, (passed - SERVER) / (FILE - SERVER)));
    return {
      running: passed < end,
      read: file ? Math.floor(row.size * share) : 0,
      size: file && passed >= SERVER ? row.size : 0,
      findings: passed < end ? all.slice(0, Math.min(told, all.length - (file ? 1 : 0))) : all,
      verdict: passed < end ? null : verdictOf(row),
      fault: null,
    };
  }

  forget(number: number): null {
    this.#running.delete(number);
    return null;
  }
}

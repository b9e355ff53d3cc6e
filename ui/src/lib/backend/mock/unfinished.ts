// The mock's incomplete multipart uploads: a list whose sizes arrive one by one, and the lifecycle rule.
import type {
  AddRequest,
  Added,
  Adopt,
  BucketOf,
  CleanupRule,
  Connection,
  Discard,
  Discarded,
  LookUnfinished,
  SetCleanup,
  Scan,
  Unfinished,
  UnfinishedQuery,
  UnfinishedUpload,
} from "../../wire/wire";
import { isOver } from "../../progress";
import { because, faultOf, type Scene } from "./scenes";
import type { SimulatedUploads } from "./uploads";

const GB = 1e9;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long the list takes, and all the sizes, in ms. */
const LISTED = 350;
const SIZED = 2000;

type Look = { at: LookUnfinished; began: number };

/** Key, age, bytes and part size, whose; 38.2 GB in all. By key, as a server lists them. */
const STOOD: [string, number, number, number, string][] = [
  ["2026/05/rushes_reel_3.mxf", 96 * DAY, 12.8 * GB, 64 << 20, "ada"],
  ["2026/05/rushes_reel_4.mxf", 96 * DAY, 3.1 * GB, 64 << 20, "ada"],
  ["2026/06/interview_cam_b.mov", 61 * DAY, 5.4 * GB, 16 << 20, "grace"],
  ["2026/06/interview_cam_b.mov", 60 * DAY, 0.9 * GB, 16 << 20, "grace"],
  ["2026/07/dailies_0714.zip", 31 * DAY, 2.2 * GB, 8 << 20, "render-farm"],
  ["2026/07/dailies_0721.zip", 24 * DAY, 2.4 * GB, 8 << 20, "render-farm"],
  ["2026/07/dailies_0728.zip", 17 * DAY, 1.7 * GB, 8 << 20, "render-farm"],
  ["2026/08/audio.wav", 2 * HOUR, 1.0 * GB, 16 << 20, "ada"],
  ["2026/08/drone_0611.mp4", 9 * DAY, 4.6 * GB, 16 << 20, "ada"],
  ["2026/08/drone_0612.mp4", 9 * DAY, 0, 16 << 20, "ada"],
  ["backup/nightly-2026-08-02.tar.zst", 12 * DAY, 2.8 * GB, 100 << 20, "backup"],
  ["backup/nightly-2026-08-09.tar.zst", 5 * DAY, 0.7 * GB, 100 << 20, "backup"],
  ["legal/deposition sealed.mov", 44 * DAY, -1, 16 << 20, "065a64a6f4fb1e2d5c"],
  ["tmp/test upload (2).bin", 203 * DAY, 0.6 * GB, 5 << 20, "grace"],
];

export class Unfinisheds {
  #looks = new Map<number, Look>();
  #next = 1;
  #gone = new Set<string>();
  #held = new Map<string, number>();
  #days = new Map<string, number>();
  #scene: Scene;
  #uploads: SimulatedUploads;
  #still: boolean;

  constructor(scene: Scene, uploads: SimulatedUploads, still: boolean) {
    [this.#scene, this.#uploads, this.#still] = [scene, uploads, still];
  }

  look(at: LookUnfinished): number {
    const id = this.#next++;
    this.#looks.set(id, { at, began: Date.now() });
    return id;
  }

  forget(id: number): null {
    this.#looks.delete(id);
    return null;
  }

  stand({ id, offset, limit }: UnfinishedQuery): Unfinished {
    const look = this.#looks.get(id);
    if (!look) throw faultOf("bug", "no such look");
    const ms = this.#still ? SIZED : Date.now() - look.began;
    const fault = this.#faultOf(look.at);
    if (fault) return { ...NOTHING, fault: ms < LISTED ? null : fault, running: ms < LISTED };
    const all = ms < LISTED ? [] : this.#all(look.at);
    const known = Math.floor((all.length * ms) / SIZED);
    const shown = all.map((one, at) =>
      at < known ? one : { ...one, parts: null, bytes: null, fault: null },
    );
    return {
      ...NOTHING,
      running: ms < SIZED,
      uploads: shown.slice(offset, offset + limit),
      count: shown.length,
      bytes: shown.reduce((sum, one) => sum + (one.bytes ?? 0), 0),
      sized: Math.min(known, shown.length),
    };
  }

  discard({ bucket, uploads }: Discard): Discarded {
    for (const { key, uploadId } of uploads) {
      const ours = this.#holder(key, uploadId);
      if (ours !== null) this.#uploads.abort({ which: "ids", ids: [ours] });
    }
    const [sealed, gone] = [0, 1].map((allowed) =>
      uploads.filter(({ key }) => key.startsWith("legal/") !== Boolean(allowed)),
    );
    for (const one of gone ?? []) this.#gone.add(one.uploadId);
    const faults = (sealed ?? []).map((one) => ({ ...one, fault: denied("Abort", bucket) }));
    return { gone: (gone ?? []).length, faults };
  }

  adopt(wanted: Adopt, connections: Connection[]): Added {
    const { connection, bucket, key, uploadId, path } = wanted;
    if (this.#holder(key, uploadId) !== null) throw because("unsupported", { is: "heldAlready" });
    const at = { connection, bucket, prefix: "" };
    const one = this.#all(at).find((one) => one.uploadId === uploadId);
    if (!one) throw because("unsupported", { is: "unfinishedGone" });
    const name = path.split("/").at(-1) ?? path;
    if (/short/.test(name)) {
      const why = { is: "fileTooShort", size: 1 * GB, reaches: one.bytes ?? 0 } as const;
      throw because("unsupported", why);
    }
    const bytes = Math.max(2 * (one.bytes ?? 0), GB);
    const scan = { files: 1, bytes, names: [name], partSize: 16 << 20 } as unknown as Scan;
    const prefix = key.slice(0, key.lastIndexOf("/") + 1);
    const request = { connection, bucket, prefix } as unknown as AddRequest;
    const added = this.#uploads.add(scan, request, connections);
    for (const id of added.ids) this.#held.set(uploadId, id);
    return added;
  }

  rule({ connection, bucket }: BucketOf): CleanupRule {
    if (connection === "lab") return { supported: false, days: null, ours: false, others: [] };
    const days = this.#days.get(bucket) ?? null;
    const other = bucket === "media-archive" ? [{ name: "tidy", days: 3, prefix: "" }] : [];
    const least = [days, ...other.map((rule) => rule.days)].filter((days) => days !== null);
    return {
      supported: true,
      days: least.length > 0 ? Math.min(...least) : null,
      ours: days !== null,
      others: other,
    };
  }

  setRule({ connection, bucket, days }: SetCleanup): CleanupRule {
    if (days === null) this.#days.delete(bucket);
    else this.#days.set(bucket, days);
    return this.rule({ connection, bucket });
  }

  #faultOf({ bucket }: LookUnfinished) {
    if (bucket === "") return because("wrongPlace", { is: "noBucket" });
    return bucket === "nightly-backup" ? denied("List", bucket) : null;
  }

  #all({ bucket, prefix }: LookUnfinished): UnfinishedUpload[] {
    if (this.#scene === "empty" || bucket !== "media-prod") return [];
    return STOOD.map(([key, age, bytes, partSize, initiator], at) => {
      const uploadId = `u${at}.${"VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA"}`;
      const sealed = bytes < 0;
      return {
        key,
        uploadId,
        initiated: Date.now() - age,
        initiator,
        storageClass: key.startsWith("backup/") ? "STANDARD_IA" : "STANDARD",
        parts: sealed ? null : Math.ceil(bytes / partSize),
        bytes: sealed ? null : bytes,
        ours: this.#holder(key, uploadId),
        fault: sealed ? denied("List", bucket) : null,
      };
    }).filter((one) => one.key.startsWith(prefix) && !this.#gone.has(one.uploadId));
  }

  /** The one that the queue sends, and those that were adopted. */
  #holder(key: string, uploadId: string): number | null {
    const taken = this.#held.get(uploadId);
    if (taken !== undefined) return taken;
    if (key !== "2026/08/audio.wav") return null;
    const query = { view: "all", filter: "audio.wav", sort: "queue", offset: 0, limit: 1 } as const;
    const row = this.#uploads.page(query).rows[0];
    const ended = row && isOver(row);
    return row && !ended && row.key === key ? row.id : null;
  }
}

const NOTHING: Unfinished = {
  running: false,
  uploads: [],
  count: 0,
  bytes: 0,
  sized: 0,
  more: false,
  fault: null,
};

function denied(what: "List" | "Abort", bucket: string) {
  const may = what === "List" ? "s3:ListBucketMultipartUploads" : "s3:AbortMultipartUpload";
  return faultOf("denied", `These keys may not do that in ${bucket} (${may}).`, {
    status: 403,
    code: "AccessDenied",
  });
}

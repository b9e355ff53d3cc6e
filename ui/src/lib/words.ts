// What states, plans and proofs are called in the window: one place to translate; knows no element.
import { binary, bytes, count, plural } from "./format";
import type {
  CheckStep,
  Held,
  Notice,
  NoticeKind,
  Proof,
  Row,
  SkipReason,
  Status,
  Survey,
  Verdict,
  What,
} from "./wire/wire";
import { saying } from "./faults";
import { counts } from "./partmap";

export const STATUS: Record<Status, string> = {
  waiting: "Waiting",
  preparing: "Preparing",
  sending: "Sending",
  offline: "Out of reach",
  completing: "Checking",
  done: "Done",
  paused: "Paused",
  failed: "Failed",
  aborting: "Cancelling",
  aborted: "Cancelled",
};

export const STEP: Record<CheckStep, string> = {
  reached: "Reach the server",
  clock: "Clock",
  signedIn: "Sign in",
  bucket: "Bucket",
  mayUpload: "Start an upload",
  checksums: "Checksums",
};

/** A bucket and a folder in it; right in the bucket there is no folder to name. */
export function place(bucket: string, prefix: string): string {
  return prefix === "" ? bucket : `${bucket} / ${prefix}`;
}

/** The folder an upload goes to, without the file's own name. */
export function folder(row: { bucket: string; key: string }): string {
  const slash = row.key.lastIndexOf("/");
  return slash < 0 ? row.bucket : `${row.bucket} / ${row.key.slice(0, slash + 1)}`;
}

export function inFlight(row: Row): string {
  if (row.partsInFlight === 0) return "";
  if (row.parts <= 1) return "in one request";
  return `${plural(row.partsInFlight, "part")} in flight`;
}

/** How an upload is cut up. */
export function plan(parts: number, partSize: number | null): string {
  if (partSize === null || parts <= 1) return "One request";
  return `${count(parts)} parts of ${binary(partSize)}`;
}

/** How everything that was dropped will be sent. */
export function surveyPlan(survey: Survey): string {
  const big =
    survey.multipart === 0
      ? ""
      : survey.multipart === 1
        ? plan(survey.parts, survey.partSize)
        : `${plural(survey.multipart, "big file")} in ${count(survey.parts)} parts of up to ${binary(survey.partSize)}`;
  const small =
    survey.single === 0
      ? ""
      : survey.single === 1
        ? `${survey.multipart > 0 ? "1 small file in one request" : "One request"}`
        : `${count(survey.single)} small files in one request each`;
  return [big, small].filter((text) => text !== "").join(", ");
}

/** "38 files, 412 GB", or the name when it is one file. */
export function surveyCount(survey: Survey): string {
  if (survey.files === 0 && !survey.walking) return "Nothing to upload";
  const name = survey.files === 1 ? survey.names[0] : undefined;
  return `${name ?? plural(survey.files, "file")}, ${bytes(survey.bytes)}`;
}

export function skipped(why: SkipReason): string {
  switch (why.reason) {
    case "clutter":
      return "The system's own clutter, not yours";
    case "symlink":
      return "A link to somewhere else";
    case "special":
      return "Not a regular file";
    case "fault":
      return why.fault.detail === "" ? saying(why.fault).title : why.fault.detail;
  }
}

/** What was proved about a finished object, and not more; begins small, to follow other words. */
export function proof(proof: Proof): string {
  switch (proof.compared) {
    case "wholeObject":
      return `compared: whole object, ${proof.algorithm}`;
    case "composite":
      return `compared: checksum of the parts' checksums, ${proof.algorithm}`;
    case "etag":
      return proof.type === "COMPOSITE"
        ? "compared: MD5 of every part (ETag)"
        : "compared: MD5 (ETag)";
    case "size":
      return proof.parts === null
        ? "compared: size only"
        : `compared: size only; each part by ${proof.parts}`;
  }
}

export const WHAT: Record<What, string> = {
  object: "Object",
  size: "Size",
  checksum: "Checksum",
  etag: "ETag",
  version: "Version",
  parts: "Parts",
  file: "Local file",
};

export const HELD: Record<Held, string> = {
  same: "same",
  differs: "differs",
  untold: "not told",
};

export const VERDICT: Record<Verdict, string> = {
  same: "The object on the server is what was sent",
  sizeOnly: "Nothing contradicts; this server tells only the size",
  differs: "The object on the server is not what was sent",
  gone: "There is no such object any more",
};

/** The name under which an object's receipt is offered to be saved. */
export function receiptName(key: string): string {
  return `${key.slice(key.lastIndexOf("/") + 1) || "object"}.receipt.json`;
}

/** Something that belongs to no one upload: what it is, what to do, and what its path is. */
export function notice({ kind, detail }: Notice): { title: string; text: string; where: string } {
  const [title, advice, where] = NOTICE[kind];
  return { title, text: detail === "" ? advice : `${detail} ${advice}`, where };
}

const NOTICE: Record<NoticeKind, readonly [title: string, advice: string, where: string]> = {
  journalAside: [
    "The list of uploads was damaged, and begun anew",
    "See what is missing, and add it again: parts that are on the server are found there.",
    "The damaged one is kept at",
  ],
  settingsAside: [
    "The settings were damaged, and begun anew",
    "Look through Connections and Settings before you go on.",
    "The damaged ones are kept at",
  ],
  journalFull: [
    "Windlass cannot write down its list of uploads",
    "What is under way goes on; the rest waits until it can, and then begins by itself.",
    "The list is in",
  ],
};

/** Where an upload came to stand in the list, for who does not see it. */
export function moved(name: string, at: number, total: number): string {
  return `${name}, now ${count(at + 1)} of ${count(total)}`;
}

/** A part map for who does not see it. */
export function mapSummary(map: Uint8Array): string {
  const all = counts(map);
  const rest = [
    all.sending > 0 ? `${count(all.sending)} in flight` : "",
    all.backoff > 0 ? `${count(all.backoff)} waiting to be sent again` : "",
    all.pending > 0 ? `${count(all.pending)} to go` : "",
  ].filter((text) => text !== "");
  return [`${count(all.stored)} of ${plural(map.length, "part")} stored`, ...rest].join(", ");
}

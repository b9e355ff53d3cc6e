// Sentences about plans, scans and proofs, put together from the words of the language.
import { say } from "../i18n/language.svelte";
import { saying } from "./faults";
import { binary, bytes, count, sentence } from "./format";
import { counts } from "./partmap";
import { faultReason } from "./faultReason";
import type { Fault, Notice, Proof, Row, SkipReason, Scan } from "./wire/wire";

/** Names of one kind, each read when it is asked for. */
function spoken<W extends object>(words: () => W): W {
  return new Proxy({} as W, { get: (_, key) => Reflect.get(words(), key) });
}

export const STATUS = spoken(() => say.queue.status);
export const STEP = spoken(() => say.draft.steps);
export const WHAT = spoken(() => say.queue.what);
export const HELD = spoken(() => say.queue.held);
export const VERDICT = spoken(() => say.queue.verdict);

/** The button of an upload that waits for somebody to sign in. */
export const signInButton = ({ reason }: Fault) =>
  reason?.is === "mfaCodeNeeded" ? say.signIn.mfa.button : say.faults.kinds.signIn.button;

/** How a connection is called: the practice store in the words of the window, others as somebody named them. */
export function serverName(one: { name: string; practice: boolean }): string {
  return one.practice ? say.connections.practice.name : one.name;
}

/** A bucket and a folder in it; right in the bucket there is no folder to name. */
export function place(bucket: string, prefix: string): string {
  return prefix === "" ? bucket : `${bucket} / ${prefix}`;
}

/** The folder an upload goes to, without the file's own name. */
export function folder(row: { bucket: string; key: string }): string {
  const slash = row.key.lastIndexOf("/");
  return slash < 0 ? row.bucket : `${row.bucket} / ${row.key.slice(0, slash + 1)}`;
}

/** What its object is called: another name than its file's where both were kept, or a template makes the keys. */
export function objectName({ key, name }: { key: string; name: string }): string {
  return key.slice(key.lastIndexOf("/") + 1) || name;
}

/** The file's own name where its object is called differently; empty where both look the same. */
export function otherName(row: { key: string; name: string }): string {
  return objectName(row).normalize() === row.name.normalize() ? "" : row.name;
}

export function inFlight(row: Row): string {
  if (row.partsInFlight === 0) return "";
  if (row.parts <= 1) return say.queue.inOneRequest;
  return say.queue.inFlight(row.partsInFlight);
}

/** How an upload is cut up. */
export function plan(parts: number, partSize: number | null): string {
  if (partSize === null || parts <= 1) return say.queue.oneRequest;
  return say.queue.plan(parts, binary(partSize));
}

/** How everything that was dropped will be sent. */
export function surveyPlan(scan: Scan): string {
  return [bigFiles(scan), smallFiles(scan)].filter((text) => text !== "").join(", ");
}

function bigFiles({ multipart, parts, partSize }: Scan): string {
  if (multipart === 0) return "";
  if (multipart === 1) return plan(parts, partSize);
  return say.drop.plan.big(multipart, parts, binary(partSize));
}

function smallFiles({ single, multipart }: Scan): string {
  if (single === 0) return "";
  if (single > 1) return say.drop.plan.small(single);
  return multipart > 0 ? say.drop.plan.oneSmall : say.queue.oneRequest;
}

/** "38 files, 412 GB", or the name when it is one file. */
export function surveyCount(scan: Scan): string {
  if (scan.files === 0 && !scan.walking) return say.drop.nothing;
  const name = scan.files === 1 ? scan.names[0] : undefined;
  return say.drop.what(name ?? say.common.files(scan.files), bytes(scan.bytes));
}

export function skipped(why: SkipReason): string {
  if (why.reason !== "fault") return say.drop.why[why.reason];
  return faultReason(why.fault) || saying(why.fault).title;
}

/** Whether the content was compared with what the server stored, and not only its size. */
export const isVerified = ({ compared }: Proof) => compared !== "size";

/** What *Verify again* found, where the object is no longer the one that was uploaded. */
export function mismatch({ verification }: Row): "differs" | "gone" | null {
  const verdict = verification?.verdict;
  return verdict === "differs" || verdict === "gone" ? verdict : null;
}

/** Whether a finished upload may be called verified: it was, and nothing else was found since. */
export const standsVerified = (row: Row) =>
  row.status === "done" && row.proof !== null && isVerified(row.proof) && mismatch(row) === null;

/** What was proved about a finished object, and not more; begins small, to follow other words. */
export function proof({ compared, algorithm, type, parts }: Proof): string {
  const words = say.queue.proof;
  switch (compared) {
    case "wholeObject":
      return words.wholeObject(algorithm);
    case "composite":
      return words.composite(algorithm);
    case "etag":
      return type === "COMPOSITE" ? words.etagOfParts : words.etag;
    case "size":
      return parts === null ? words.size : words.sizeAndParts(parts);
  }
}

/** The name under which an object's receipt is offered to be saved: one that every system takes, whatever the key holds. */
export function receiptName(key: string): string {
  const name = key
    .slice(key.lastIndexOf("/") + 1)
    .replace(/[\p{Cc}\\/:*?"<>|]/gu, "_")
    .replace(/^\.+/, (dots) => "_".repeat(dots.length));
  // an end of it says more than its beginning; a name may have 255 bytes, and a letter four
  const end = [...(name || "object")].slice(-50).join("");
  return `${end}.receipt.json`;
}

/** Something that belongs to no one upload: what it is, what to do, and what its path is. */
export function notice(of: Notice): { title: string; text: string; where: string } {
  const { title, advice, where } = say.frame.notices[of.kind];
  return { title, text: [...exactly(of), advice].join(" "), where };
}

function exactly({ saved, fault }: Notice): string[] {
  const words = say.found.saved;
  return [
    saved === null ? "" : saved === 0 ? words.none : words.some(saved),
    fault === null ? "" : `${sentence(faultReason(fault))}.`,
  ].filter((text) => text !== "");
}

/** Where an upload came to stand in the list, for who does not see it. */
export function moved(name: string, at: number, total: number): string {
  return say.queue.moved(name, count(at + 1), count(total));
}

/** A part map for who does not see it. */
export function mapSummary(map: Uint8Array): string {
  const { stored, sending, backoff, pending } = counts(map);
  const words = say.queue.map;
  return [
    words.stored(count(stored), map.length),
    sending > 0 ? words.inFlight(count(sending)) : "",
    backoff > 0 ? words.again(count(backoff)) : "",
    pending > 0 ? words.toGo(count(pending)) : "",
  ]
    .filter((text) => text !== "")
    .join(", ");
}

// What happened to an upload, and what it is waiting for. Numbers, sizes and reasons come formatted. Rust says the same
// (`model/history.rs`, `model/waiting.rs`); sentences.test.ts holds the two together.
import { counted } from "../counted";

const parts = (n: number) => counted(n, { one: "part", other: "parts" });

export const history = {
  queued: "Queued",
  started: "Started",
  resumed: "Resumed",
  paused: "Paused",
  cancelled: "Cancelled; nothing is left on the server",
  failed: (why: string) => `Failed: ${why}`,
  waiting: (why: string) => `Waiting: ${why}`,
  reconnected: (time: string) => `Resumed after ${time} without the server`,
  slept: (time: string) => `This computer slept for ${time}; reconnected`,
  resent: {
    part: (n: string, why: string) => `Resending part ${n}: ${why}`,
    partAfter: (n: string, times: string, why: string) =>
      `Resending part ${n} after ${times} attempts: ${why}`,
    whole: (why: string) => `Resending the file: ${why}`,
    wholeAfter: (times: string, why: string) =>
      `Resending the file after ${times} attempts: ${why}`,
  },
  moreResent: "More parts are being resent; only the first are listed here",
  foundStored: (stored: string, all: number, amount: string) =>
    `Resumed: ${stored} of ${parts(all)} already stored, ${amount}`,
  foundIncomplete: "Found an incomplete multipart upload with parts of this file on the server",
  adopted: (n: number, amount: string) =>
    `Adopted an incomplete multipart upload with ${counted(n, { one: "stored part", other: "stored parts" })}, ${amount}`,
  released: "Released; the incomplete multipart upload on the server was left unchanged",
  restarted: {
    gone: "Restarted: the multipart upload no longer exists on the server",
    outgrown: "Restarted: the file is now empty, or too large for its part size",
    keepsParts: "Restarted for the smaller file: this server does not allow parts to be dropped",
  },
  beingChanged: "The file is being changed; parts that differ will be resent at the end",
  changed: {
    same: "The file was modified, but its content is the same; nothing needs to be resent",
    noPart: (more: number) =>
      `The file changed: no stored part differs, ${parts(more)} left to send`,
    again: (n: number) => `The file changed: resending ${parts(n)}`,
  },
  copied: "The file keeps changing: uploading a copy of its current version",
  keyTaken: "Needs your answer: an object with this key already exists",
  answered: {
    replace: "Your answer: replace the existing object",
    keepBoth: "Your answer: keep both objects",
    skip: "Your answer: skip this file",
    skipSame: "Your answer: skip if the size is the same",
    none: "Your answer: none",
  },
  keptBoth: (key: string) => `Name already in use, saved as ${key}`,
  skipped: "Skipped: the bucket already contains an object with this key",
  responseLost: "Everything had arrived; only the response was lost",
  probed: "Probed the server's capabilities",
  probeFailed: (why: string) => `The server's capabilities could not be probed: ${why}`,
  probedAgain: "The server rejected what it used to support: probed it again",
  abortedEmpty: "Aborted an empty multipart upload left behind by a lost response",
  mayBeLeftBehind:
    "A response was lost, and the server does not say which multipart upload it created: an empty one may be left behind",
  done: (proof: string) => `Done, ${proof}`,

  /** as a sentence of its own, without its full stop */
  waits: {
    still: "The file is being changed; it will be compared once it is stable",
    comparing: (part: string, all: string) => `Comparing with the file: part ${part} of ${all}`,
    copying: "Copying the file, to upload a single version of it",
    asking: "Probing the server's capabilities",
  },
};

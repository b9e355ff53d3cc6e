// The list of uploads: states, rows, the plan of an upload and how it was verified.
import { counted } from "../counted";

const parts = (n: number) => counted(n, { one: "part", other: "parts" });

export const queue = {
  name: "Queue",
  /** on the button, beside a plus */
  addFiles: "Add files...",
  sort: "Sort order",
  filter: "Filter",
  clearFilter: "Clear filter",
  noName: (typed: string) => `No name here matches “${typed}”.`,
  status: {
    waiting: "Waiting",
    preparing: "Preparing",
    sending: "Sending",
    offline: "Unreachable",
    completing: "Completing",
    needsAnswer: "Needs your answer",
    pausing: "Pausing",
    done: "Done",
    skipped: "Skipped",
    paused: "Paused",
    failed: "Failed",
    aborting: "Cancelling",
    aborted: "Cancelled",
  },
  /** an upload that waits until somebody has signed in */
  signIn: "Sign-in needed",
  nothing: {
    all: "No uploads",
    active: "No active uploads",
    waiting: "No uploads are waiting",
    paused: "No paused uploads",
    needsAnswer: "No uploads need your answer",
    failed: "No failed uploads",
    done: "No uploads are done yet",
    skipped: "No files were skipped",
    cancelled: "No cancelled uploads",
  },
  progressOf: (name: string) => `Progress of ${name}`,
  /** a progress bar, for a screen reader */
  sentAndStored: (percent: number, sent: string, stored: string) =>
    `${percent} percent sent, ${sent}; ${stored} stored`,
  /** a finished upload whose content was compared with what the server stored */
  verified: "Verified",
  /** what was found when a finished upload was verified again */
  mismatch: {
    differs: { state: "Mismatch", title: "The object on the server was changed" },
    gone: { state: "Missing", title: "The object on the server was deleted" },
  },
  pauseCosts: (amount: string) => `Pause: up to ${amount} of what is on its way will be sent again`,
  /** the local file of an object with another name */
  fromFile: (name: string) => `from ${name}`,
  inOneRequest: "in one request",
  inFlight: (n: number) => `${parts(n)} in flight`,
  /** what would have to be resent if the connection broke now */
  breakCosts: (amount: string) => `${amount} to resend if interrupted`,
  oneRequest: "One request",
  plan: (n: number, size: string) => `${parts(n)} of ${size}`,
  /** the new position of an upload, for a screen reader */
  moved: (name: string, at: string, total: string) => `${name}, now ${at} of ${total}`,
  /** the part map, for a screen reader */
  map: {
    stored: (n: string, all: number) => `${n} of ${parts(all)} stored`,
    inFlight: (n: string) => `${n} in flight`,
    again: (n: string) => `${n} waiting to be resent`,
    toGo: (n: string) => `${n} not sent yet`,
  },
  /** states what was compared, and claims no more; begins in lower case, to follow other words */
  proof: {
    wholeObject: (algorithm: string) => `compared: whole object, ${algorithm}`,
    composite: (algorithm: string) => `compared: composite checksum, ${algorithm}`,
    etag: "compared: MD5 (ETag)",
    etagOfParts: "compared: MD5 of every part (ETag)",
    size: "compared: size only",
    sizeAndParts: (algorithm: string) => `compared: size only; each part by ${algorithm}`,
  },
  /** what a verification compares with the server */
  what: {
    object: "Object",
    size: "Size",
    checksum: "Checksum",
    etag: "ETag",
    version: "Version",
    parts: "Parts",
    file: "Local file",
  },
  held: { same: "same", differs: "differs", untold: "unknown" },
  verdict: {
    same: "The object on the server matches what was sent",
    sizeOnly: "Nothing differs, but this server reports only the size",
    differs: "The object on the server does not match what was sent",
    gone: "The object no longer exists",
  },
};

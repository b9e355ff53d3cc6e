// The list of uploads: its states, its rows, how an upload is cut up and what was proved of it.
import { counted } from "../counted";

const parts = (n: number) => counted(n, { one: "part", other: "parts" });

export const queue = {
  name: "Queue",
  sort: "Order of the list",
  filter: "Filter",
  clearFilter: "Clear filter",
  noName: (typed: string) => `No name here has “${typed}” in it.`,
  status: {
    waiting: "Waiting",
    preparing: "Preparing",
    sending: "Sending",
    offline: "Out of reach",
    completing: "Checking",
    pausing: "Pausing",
    done: "Done",
    paused: "Paused",
    failed: "Failed",
    aborting: "Cancelling",
    aborted: "Cancelled",
  },
  nothing: {
    all: "No uploads",
    active: "Nothing is being sent just now",
    waiting: "Nothing is waiting",
    failed: "Nothing has failed",
    done: "Nothing is done yet",
  },
  progressOf: (name: string) => `Progress of ${name}`,
  storedSoFar: (percent: number, amount: string) => `${percent} percent stored, ${amount}`,
  inOneRequest: "in one request",
  inFlight: (n: number) => `${parts(n)} in flight`,
  /** what would be sent again if the line broke now */
  breakCosts: (amount: string) => `a break would cost ${amount}`,
  oneRequest: "One request",
  plan: (n: number, size: string) => `${parts(n)} of ${size}`,
  /** where an upload came to stand, for who does not see it */
  moved: (name: string, at: string, total: string) => `${name}, now ${at} of ${total}`,
  /** a part map for who does not see it */
  map: {
    stored: (n: string, all: number) => `${n} of ${parts(all)} stored`,
    inFlight: (n: string) => `${n} in flight`,
    again: (n: string) => `${n} waiting to be sent again`,
    toGo: (n: string) => `${n} to go`,
  },
  /** what was proved, and not more; begins small, to follow other words */
  proof: {
    wholeObject: (algorithm: string) => `compared: whole object, ${algorithm}`,
    composite: (algorithm: string) => `compared: checksum of the parts' checksums, ${algorithm}`,
    etag: "compared: MD5 (ETag)",
    etagOfParts: "compared: MD5 of every part (ETag)",
    size: "compared: size only",
    sizeAndParts: (algorithm: string) => `compared: size only; each part by ${algorithm}`,
  },
  /** a receipt held against the server again */
  what: {
    object: "Object",
    size: "Size",
    checksum: "Checksum",
    etag: "ETag",
    version: "Version",
    parts: "Parts",
    file: "Local file",
  },
  held: { same: "same", differs: "differs", untold: "not told" },
  verdict: {
    same: "The object on the server is what was sent",
    sizeOnly: "Nothing contradicts; this server tells only the size",
    differs: "The object on the server is not what was sent",
    gone: "There is no such object any more",
  },
};

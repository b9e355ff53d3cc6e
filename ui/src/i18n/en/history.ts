// What happened to an upload, and what keeps it from going on. Numbers, sizes and reasons come written.
import { counted } from "../counted";

const parts = (n: number) => counted(n, { one: "part", other: "parts" });

export const history = {
  queued: "Queued",
  started: "Started",
  resumed: "Resumed",
  paused: "Paused",
  cancelled: "Cancelled; nothing of it is left on the server",
  failed: (why: string) => `Failed: ${why}`,
  waiting: (why: string) => `Waiting: ${why}`,
  wentOn: (time: string) => `Went on after ${time} without the server`,
  slept: (time: string) => `This computer slept for ${time}; connected anew`,
  sentAgain: {
    part: (n: string, why: string) => `Part ${n} is sent again: ${why}`,
    partAfter: (n: string, times: string, why: string) =>
      `Part ${n} is sent again, after ${times} tries: ${why}`,
    whole: (why: string) => `Sent again: ${why}`,
    wholeAfter: (times: string, why: string) => `Sent again, after ${times} tries: ${why}`,
  },
  moreSentAgain: "More is sent again; only the first is told here",
  foundStored: (stored: string, all: number, amount: string) =>
    `Went on: ${stored} of ${parts(all)} were stored, ${amount}`,
  foundAgain: "Found again on the server: an unfinished upload with parts of this file",
  adopted: (n: number, amount: string) =>
    `Taken over from the server: an unfinished upload with ${counted(n, { one: "stored part", other: "stored parts" })}, ${amount}`,
  leftThere: "Let go of; the unfinished upload is on the server as it was",
  begunAgain: {
    gone: "The unfinished upload was gone on the server; begun again",
    outgrown: "The file outgrew its parts, or is empty now: begun again",
    keepsParts: "This server does not let parts be dropped: begun again for the smaller file",
  },
  beingChanged: "The file is being changed; what differs is sent again at the end",
  changed: {
    same: "The file was touched, and its bytes are the same: nothing is sent again",
    noPart: (more: string) => `The file changed: no part differs, ${more} are still to be sent`,
    again: (n: number) =>
      `The file changed: ${counted(n, { one: "part is", other: "parts are" })} sent again`,
  },
  copied: "The file keeps changing: sending a copy of the state it has now",
  keptBeside: (key: string) => `The key was taken: kept beside it as ${key}`,
  skipped: "Skipped: the bucket has an object with this key",
  hadArrived: "It had arrived: only the answer was lost",
  asked: "Asked the server what it takes",
  notAsked: (why: string) => `What the server takes could not be found out: ${why}`,
  askedAgain: "The server refused what it used to take: asked it again",
  tookOff: "Took off an empty upload whose beginning was not answered",
  mayBeLeft:
    "An answer was lost, and the server does not tell which unfinished upload is this one: an empty one may be left",
  done: (proof: string) => `Done, ${proof}`,

  /** as a sentence of its own, without its end */
  waits: {
    still: "The file is being changed; it is compared once it keeps still",
    comparing: (part: string, all: string) => `Comparing with the file: part ${part} of ${all}`,
    copying: "Copying the file, to send one state of it",
    asking: "Asking the server what it takes",
  },
};

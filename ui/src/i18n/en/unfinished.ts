// The incomplete multipart uploads on a server, and the lifecycle rule that aborts them.
import { counted } from "../counted";

const uploads = (n: number) =>
  counted(n, { one: "incomplete upload", other: "incomplete uploads" });
const days = (n: number) => counted(n, { one: "day", other: "days" });

export const unfinished = {
  title: "Incomplete uploads",
  table: "Incomplete uploads",
  connection: "Connection",
  bucket: "Bucket",

  hold: (n: number, size: string) => `${uploads(n)} ${n === 1 ? "takes up" : "take up"} ${size}.`,
  /** where the server does not report the size of each */
  holdAtLeast: (n: number, size: string) =>
    `${uploads(n)} ${n === 1 ? "takes up" : "take up"} ${size} or more.`,
  holdNothing: (n: number) => `${uploads(n)} ${n === 1 ? "takes up" : "take up"} nothing yet.`,
  billed: (n: number) => `You are billed for ${n === 1 ? "it" : "them"}.`,
  /** the practice store bills nobody */
  practice: "They take up space only on this computer.",
  looking: "Loading...",
  lookingAgain: "Refreshing...",
  found: (n: number) => `${uploads(n)} found so far`,
  measured: (known: string, all: string, size: string) =>
    `Getting sizes: ${known} of ${all}, ${size} so far`,
  more: (most: string) =>
    `The bucket has more: only the first ${most} are shown. Refresh to see others.`,
  nothing: "No incomplete uploads, nothing to pay for",
  nothingText: "Every upload to this bucket was completed or aborted.",
  nothingFits: (typed: string) => `No key here matches “${typed}”.`,
  noBucket: "Choose a bucket",
  noConnection: "No connections yet",
  noConnectionText:
    "Uploads that were never completed stay on the server and are billed. Connect to S3 to see them.",
  notLooked: "The list could not be loaded",

  columns: {
    key: "Key",
    started: "Started",
    parts: "Parts",
    stored: "Stored",
    whose: "Owner",
  },
  ours: "In the queue",
  untold: "not reported",
  notStarted: "unknown",
  select: "None selected",
  /** where the server does not report all sizes */
  selectedOnly: (n: string) => `${n} selected`,
  selected: (n: string, size: string) => `${n} selected, ${size}`,
  adopt: "Resume...",
  adoptHint:
    "Choose the file that was being uploaded. Every stored part is compared with it before anything is sent.",
  discard: "Discard...",
  adopting: "Querying the server...",
  discarding: (n: number) => `Discarding ${uploads(n)}...`,
  discarded: (n: number) => `${uploads(n)} discarded`,
  filter: "Filter by key",
  clearFilter: "Clear filter",

  ask: {
    one: (key: string) => `Discard ${key}?`,
    many: (n: number) => `Discard ${uploads(n)}?`,
    text: (size: string) =>
      `${size} on the server will be deleted. This cannot be undone: anyone still sending them will have to start over.`,
    textSome: (size: string) =>
      `${size} or more on the server will be deleted. This cannot be undone: anyone still sending them will have to start over.`,
    ours: (n: number) =>
      `${n === 1 ? "One of them is" : `${n} of them are`} in the queue here and will be cancelled too.`,
    oursOne: "It is in the queue here and will be cancelled too.",
    yes: "Discard",
    no: "Keep",
  },

  refused: {
    adopt: (key: string) => `${key} cannot be resumed from this file`,
    several: (key: string) => `${key} can be resumed from one file only, and several were chosen`,
    another: "Choose another file...",
    discard: (n: string, of: string) => `${n} of ${of} could not be discarded`,
    discardAll: "Nothing could be discarded",
    andMore: (n: string) => `and ${n} more`,
  },

  cleanup: {
    unknown: (why: string) => `Could not read the cleanup rules: ${why}`,
    reading: "Reading the bucket's rules...",
    unsupported: "This server does not support cleanup rules.",
    none: "They are not removed automatically.",
    ours: (n: number) => `The server aborts them ${days(n)} after they were created.`,
    other: (n: number, name: string) =>
      `The server aborts them ${days(n)} after they were created, by the rule “${name}”.`,
    some: (name: string, prefix: string, n: number) =>
      `The rule “${name}” aborts those under ${prefix} after ${days(n)}.`,
    set: (n: number) => `Clean up after ${days(n)}...`,
    change: "Change...",

    title: "Automatic cleanup",
    text: "The server then aborts incomplete uploads automatically, so that nobody pays for forgotten ones. It counts from the day they were created and does not ask: uploads paused here for longer are restarted.",
    on: "Abort incomplete uploads after",
    days: "days",
    daysLabel: "Days until incomplete uploads are aborted",
    wrong: "Enter whole days, from 1 to 3,650.",
    others: "Other rules of this bucket, left unchanged:",
    rule: (name: string, n: number) => `“${name}”: after ${days(n)}`,
    rulePrefix: (name: string, n: number, prefix: string) =>
      `“${name}”: after ${days(n)}, keys starting with ${prefix}`,
    stay: "All other rules of the bucket are left unchanged.",
    save: "Save",
    saving: "Saving...",
  },
};

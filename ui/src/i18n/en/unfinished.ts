// The uploads that stand unfinished on a server, and the rule that takes them off by itself.
import { counted } from "../counted";

const uploads = (n: number) =>
  counted(n, { one: "unfinished upload", other: "unfinished uploads" });
const days = (n: number) => counted(n, { one: "day", other: "days" });

export const unfinished = {
  title: "Unfinished on the server",
  table: "Unfinished uploads",
  connection: "Connection",
  bucket: "Bucket",

  hold: (n: number, size: string) => `${uploads(n)} ${n === 1 ? "holds" : "hold"} ${size}.`,
  /** of some the server does not tell what they hold */
  holdAtLeast: (n: number, size: string) =>
    `${uploads(n)} ${n === 1 ? "holds" : "hold"} ${size} or more.`,
  holdNothing: (n: number) => `${uploads(n)} ${n === 1 ? "holds" : "hold"} nothing yet.`,
  billed: (n: number) => `You are billed for ${n === 1 ? "it" : "them"}.`,
  /** in the practice store nobody is billed */
  practice: "They take up room on this computer only.",
  looking: "Looking...",
  lookingAgain: "Looking again...",
  found: (n: number) => `${uploads(n)} found so far`,
  measured: (known: string, all: string, size: string) =>
    `Asking what each holds: ${known} of ${all}, ${size} so far`,
  more: (most: string) =>
    `The bucket has more: only the first ${most} are shown. The next look shows others.`,
  nothing: "Nothing unfinished here: nothing is billed",
  nothingText: "Every upload to this bucket was finished or taken off.",
  nothingFits: (typed: string) => `No key here has “${typed}”.`,
  noBucket: "Choose a bucket to look into",
  noConnection: "There is no connection yet",
  noConnectionText:
    "Uploads that were begun and never finished stay on the server, and are billed. Connect to S3 to see them.",
  notLooked: "Nothing could be looked up",

  columns: {
    key: "Key",
    started: "Started",
    parts: "Parts",
    stored: "Stored",
    whose: "Whose",
  },
  ours: "In the queue",
  untold: "not told",
  notStarted: "unknown",
  select: "Select what is to be resumed or discarded",
  /** where the server does not tell what all of them hold */
  selectedOnly: (n: string) => `${n} selected`,
  selected: (n: string, size: string) => `${n} selected, ${size}`,
  adopt: "Resume...",
  adoptHint:
    "Choose the file that was being uploaded. Every stored part is held against it before a byte is sent.",
  discard: "Discard...",
  adopting: "Asking the server...",
  discarding: (n: number) => `Discarding ${uploads(n)}...`,
  discarded: (n: number) => `${uploads(n)} discarded`,
  filter: "Filter by key",
  clearFilter: "Clear filter",

  ask: {
    one: (key: string) => `Discard ${key}?`,
    many: (n: number) => `Discard ${uploads(n)}?`,
    text: (size: string) =>
      `${size} stored on the server are deleted. This cannot be taken back: whoever still sends them has to begin again.`,
    textSome: (size: string) =>
      `${size} or more, stored on the server, are deleted. This cannot be taken back: whoever still sends them has to begin again.`,
    ours: (n: number) =>
      `${n === 1 ? "One of them is" : `${n} of them are`} in the queue here, and cancelled there too.`,
    oursOne: "It is in the queue here, and cancelled there too.",
    yes: "Discard",
    no: "Keep",
  },

  refused: {
    adopt: (key: string) => `${key} does not go on from this file`,
    several: (key: string) => `${key} goes on from one file, and several were chosen`,
    another: "Choose another file...",
    discard: (n: string, of: string) => `${n} of ${of} could not be discarded`,
    discardAll: "Nothing could be discarded",
    andMore: (n: string) => `and ${n} more`,
  },

  cleanup: {
    unknown: (why: string) => `What cleans up by itself is not known: ${why}`,
    reading: "Reading the bucket's rules...",
    unsupported: "This server has no rules that clean up by themselves.",
    none: "Nothing takes them off by itself.",
    ours: (n: number) => `The server takes them off ${days(n)} after they were begun.`,
    other: (n: number, name: string) =>
      `The server takes them off ${days(n)} after they were begun, by the rule “${name}”.`,
    some: (name: string, prefix: string, n: number) =>
      `The rule “${name}” takes those below ${prefix} off after ${days(n)}.`,
    set: (n: number) => `Clean up after ${days(n)}...`,
    change: "Change...",

    title: "Clean up by itself",
    text: "The server then takes unfinished uploads off by itself, so that nobody is billed for what was forgotten. It counts from the day they were begun, and does not ask: uploads that were paused here for longer begin again.",
    on: "Take unfinished uploads off after",
    days: "days",
    daysLabel: "Days until unfinished uploads are taken off",
    wrong: "Whole days, from 1 to 3,650.",
    others: "Other rules of this bucket, which stay as they are:",
    rule: (name: string, n: number) => `“${name}”: after ${days(n)}`,
    rulePrefix: (name: string, n: number, prefix: string) =>
      `“${name}”: after ${days(n)}, keys that begin with ${prefix}`,
    stay: "All other rules of the bucket stay as they are.",
    save: "Save",
    saving: "Saving...",
  },
};

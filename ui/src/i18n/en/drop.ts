// Files over the window, and the sheet between dropping and sending.
import { counted } from "../counted";

const files = (n: number) => counted(n, { one: "file", other: "files" });

export const drop = {
  over: "Files over the window",
  toAdd: "Drop to add",
  toUploadTo: (name: string) => `Drop to upload to ${name}`,
  orHere: "or here",

  sheet: "Upload",
  nothing: "Nothing to upload",
  /** what is to be sent: its name or its number, and its size; where to follows */
  what: (what: string, size: string) => `${what}, ${size}`,
  to: "to",
  counting: "Counting...",
  allLeftOut: "Everything that was dropped is left out, for the reasons below.",
  plan: {
    big: (n: number, parts: number, size: string) =>
      `${counted(n, { one: "big file", other: "big files" })} in ${counted(parts, { one: "part", other: "parts" })} of up to ${size}`,
    oneSmall: "1 small file in one request",
    small: (n: number) =>
      `${counted(n, { one: "small file", other: "small files" })} in one request each`,
  },

  noConnection: "There is no connection yet. Connect to S3, or try it on this computer.",
  connection: "Connection",
  practice: (name: string) => `${name} (files stay on this computer)`,
  bucket: "Bucket",
  folder: "Folder in it",
  folderNone: "none: right in the bucket",
  dates: "{date}, {year}, {month}, {day} and {time} are filled in when it starts.",
  exists: "If it exists",
  existsLong: "If a file of the same name is already there",
  ifExists: { ask: "Ask", replace: "Replace", keepBoth: "Keep both", skip: "Skip" },

  unreadable: (n: number) => `${files(n)} cannot be read`,
  leftOut: (n: number) => `${files(n)} left out`,
  /** below the first of a list */
  andMore: (n: number) => `and ${counted(n, { one: "more", other: "more" })}`,
  why: {
    clutter: "The system's own clutter, not yours",
    hidden: "Hidden, and hidden ones stay behind",
    symlink: "A link to somewhere else",
    circle: "A link into a folder that it is in itself",
    special: "Not a regular file",
  },
  renamed: (n: number) => `${files(n)} of a name that another one here has`,
  goesAs: (key: string) => `goes as ${key}`,
  composed: (n: number) =>
    `${counted(n, { one: "name", other: "names" })} written with separate accents, as on a Mac's disk: composed in the keys (NFC), so that other systems find them.`,

  lacking: {
    counted: "Counting",
    files: "There is nothing to upload.",
    connection: "Choose a connection.",
    bucket: "Choose a bucket.",
  },
  start: "Start upload",
  starting: "Starting...",
  whenCounted: "Starts when counted",

  options: "Options",
  storageClass: "Storage class",
  bucketsDefault: "The bucket's default",
  /** S3's own names, and what they mean to who pays */
  classes: {
    STANDARD: "Standard",
    INTELLIGENT_TIERING: "Intelligent tiering",
    STANDARD_IA: "Infrequent access",
    ONEZONE_IA: "Infrequent access, one zone",
    GLACIER_IR: "Glacier, instant retrieval",
    GLACIER: "Glacier, flexible retrieval",
    DEEP_ARCHIVE: "Glacier, deep archive",
  },
  encryption: "Encryption",
  sseS3: "With the server's own key (SSE-S3)",
  sseKms: "With a key from KMS (SSE-KMS)",
  kmsKey: "KMS key",
  kmsKeyNone: "ID or ARN; empty: the account's default",
  contentType: "Content type",
  contentTypeNone: "by the file's ending",
  tags: "Tags",
  tag: { name: "tag name", value: "tag value", add: "Add tag", remove: "Remove this tag" },
  metadata: "Metadata",
  entry: {
    name: "entry name",
    value: "entry value",
    add: "Add entry",
    remove: "Remove this entry",
  },
  pair: { name: "name", value: "value" },
};

// Files dragged over the window, and the upload sheet that opens once they are dropped.
import { counted } from "../counted";

const files = (n: number) => counted(n, { one: "file", other: "files" });

export const drop = {
  over: "Files dragged over the window",
  toAdd: "Drop to add",
  toUploadTo: (name: string) => `Drop to upload to ${name}`,
  orHere: "or here",

  sheet: "Upload",
  nothing: "Nothing to upload",
  /** the name or the number of files, and their size; the destination follows */
  what: (what: string, size: string) => `${what}, ${size}`,
  to: "to",
  counting: "Counting...",
  allLeftOut: "Everything you dropped was skipped, for the reasons below.",
  plan: {
    big: (n: number, parts: number, size: string) =>
      `${counted(n, { one: "large file", other: "large files" })} in ${counted(parts, { one: "part", other: "parts" })} of up to ${size}`,
    oneSmall: "1 small file in one request",
    small: (n: number) =>
      `${counted(n, { one: "small file", other: "small files" })} in one request each`,
  },

  noConnection: "No connections yet. Connect to S3, or try it on this computer.",
  connection: "Connection",
  practice: (name: string) => `${name} (files stay on this computer)`,
  bucket: "Bucket",
  folder: "Folder",
  folderNone: "none (top level)",
  dates: "{date}, {year}, {month}, {day} and {time} are filled in when the upload starts.",
  practising: "Files stay on this computer.",
  exists: "If it exists",
  existsLong: "If an object with the same name already exists",
  ifExists: { ask: "Ask", replace: "Replace", keepBoth: "Keep both", skip: "Skip" },
  onlyHere: (byDefault: string) => `For this upload only; the default is “${byDefault}”.`,

  existsHint: {
    ask: "Windlass asks what to do with each.",
    replace: "The object that is there is overwritten.",
    keepBoth: "The new object gets a number in its name.",
    skip: "The file is not uploaded.",
    skipSame: "Same means the same size. Other objects are replaced.",
  },

  unreadable: (n: number) => `${files(n)} cannot be read`,
  leftOut: (n: number) => `${files(n)} skipped`,
  /** after the first entries of a list */
  andMore: (n: number) => `and ${counted(n, { one: "more", other: "more" })}`,
  why: {
    clutter: "System file",
    hidden: "Hidden file",
    symlink: "Symbolic link",
    circle: "Link to a folder that contains it",
    special: "Not a regular file",
  },
  renamed: (n: number) => `${files(n)} with the same name as another`,
  goesAs: (key: string) => `uploaded as ${key}`,
  composed: (n: number) =>
    `${counted(n, { one: "name", other: "names" })} with decomposed accents, as on macOS: normalized to NFC in the keys so that other systems find them.`,

  lacking: {
    counted: "Counting",
    files: "Nothing to upload.",
    connection: "Choose a connection.",
    bucket: "Choose a bucket.",
  },
  start: "Start upload",
  starting: "Starting...",
  whenCounted: "Starts after counting",

  options: "Options",
  storageClass: "Storage class",
  bucketsDefault: "Bucket default",
  /** by S3's names for the storage classes */
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
  sseS3: "Server-managed key (SSE-S3)",
  sseKms: "KMS key (SSE-KMS)",
  kmsKey: "KMS key",
  kmsKeyNone: "ID or ARN; empty for the account's default",
  contentType: "Content type",
  contentTypeNone: "from the file extension",
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

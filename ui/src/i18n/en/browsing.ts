// The dialog that chooses a bucket and a folder, and what the names of buckets may be. Rust says the same of the latter
// (`fault/invalid_bucket_name.rs`); sentences.test.ts holds the two together.
import { counted } from "../counted";

export const browsing = {
  browse: "Browse...",
  title: "Choose a destination",
  location: "Location",
  buckets: "Buckets",
  folders: "Folders",
  filterBuckets: "Filter, or type a bucket's name",
  filterFolders: "Filter",
  loading: "Loading...",
  noBuckets: "No buckets yet.",
  noFolders: "No folders here.",
  noMatch: "Nothing matches the filter.",
  mayNotListBuckets:
    "These keys are not allowed to list buckets. Type the bucket's name above, then press Enter.",
  mayNotList:
    "These keys are not allowed to list what is here. Uploads may still be allowed: choose this destination, or add a folder by its name.",
  open: (name: string) => `Open “${name}”`,
  more: "Show more",
  fresh: "new",
  count: (folders: number, objects: number) =>
    `${counted(folders, { one: "folder", other: "folders" })}, ${counted(objects, { one: "object", other: "objects" })}`,
  countMore: (folders: number, objects: number) =>
    `The first ${counted(folders, { one: "folder", other: "folders" })} and ${counted(objects, { one: "object", other: "objects" })}`,
  countBuckets: (n: number) => counted(n, { one: "bucket", other: "buckets" }),
  again: "Try again",

  newFolder: "New folder",
  newBucket: "Create bucket",
  folderName: "Name of the new folder",
  bucketName: "Name of the new bucket",
  add: "Add",
  create: "Create",
  creating: "Creating...",
  openIt: "Open",
  yours: (name: string) => `You already have the bucket “${name}”.`,
  choose: "Choose",

  wrongName: {
    tooShort: "A bucket name has at least 3 characters",
    tooLong: (characters: string) => `A bucket name has at most 63 characters, not ${characters}`,
    uppercase: "A bucket name cannot contain uppercase letters",
    character: (character: string) =>
      `A bucket name can contain only the letters a to z, digits, dots and hyphens, not “${character}”`,
    begins: "A bucket name begins with a letter or a digit",
    ends: "A bucket name ends with a letter or a digit",
    twoDots: "A bucket name cannot contain two dots in a row",
    ipAddress: "A bucket name cannot look like an IP address",
    reservedPrefix: (prefix: string) =>
      `Bucket names that begin with “${prefix}” are reserved by Amazon S3`,
    reservedSuffix: (suffix: string) =>
      `Bucket names that end with “${suffix}” are reserved by Amazon S3`,
  },
};

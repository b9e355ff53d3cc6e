// What several screens say. A word with a value is a function; whoever needs a number's form gets the number.
import { counted } from "../counted";

export const common = {
  cancel: "Cancel",
  close: "Close",
  details: "Details",
  uploadsTitle: "Uploads",
  copy: "Copy",
  copied: "Copied",
  dismiss: (what: string) => `Dismiss: ${what}`,
  showSuggestions: "Show suggestions",
  files: (n: number) => counted(n, { one: "file", other: "files" }),
  parts: (n: number) => counted(n, { one: "part", other: "parts" }),
  uploads: (n: number) => counted(n, { one: "upload", other: "uploads" }),
};

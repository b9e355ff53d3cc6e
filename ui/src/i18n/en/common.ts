// Texts that several screens share. A text with a value is a function; one that depends on a plural form gets the number.
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

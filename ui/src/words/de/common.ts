// What several screens say, in German.
import { counted } from "../counted";
import type { common as en } from "../en/common";

export const common: typeof en = {
  cancel: "Abbrechen",
  close: "Schließen",
  files: (n) => counted(n, { one: "Datei", other: "Dateien" }),
  parts: (n) => counted(n, { one: "Teil", other: "Teile" }),
  uploads: (n) => counted(n, { one: "Upload", other: "Uploads" }),
};

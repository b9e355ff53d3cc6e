// What several screens say, in German.
import { counted } from "../counted";
import type { common as en } from "../en/common";

export const common: typeof en = {
  cancel: "Abbrechen",
  close: "Schließen",
  details: "Details",
  uploadsTitle: "Uploads",
  copy: "Kopieren",
  copied: "Kopiert",
  dismiss: (what) => `Ausblenden: ${what}`,
  showSuggestions: "Vorschläge zeigen",
  files: (n) => counted(n, { one: "Datei", other: "Dateien" }),
  parts: (n) => counted(n, { one: "Teil", other: "Teile" }),
  uploads: (n) => counted(n, { one: "Upload", other: "Uploads" }),
};

// A server's capabilities, in German.
import { counted } from "../counted";
import type { capabilities as en } from "../en/capabilities";

export const capabilities: typeof en = {
  title: "Fähigkeiten des Servers",
  mark: { yes: "Ja", no: "Nein", unknown: "Unbekannt" },
  documented: "Aus der Dokumentation des Servers",
  probed: "Geprüft",
  probedOn: (day) => `Geprüft am ${day}`,
  notProbed: "Noch nicht geprüft: Windlass prüft den Server vor dem ersten großen Upload",

  checksumMode: {
    crc64Nvme: "Ganze Dateien werden mit CRC64NVME verglichen",
    crc32c: "Ganze Dateien werden mit CRC32C verglichen",
    crc32: "Ganze Dateien werden mit CRC32 verglichen",
    crc32cComposite:
      "Ganze Dateien werden mit einer Prüfsumme der Teil-Prüfsummen verglichen (CRC32C)",
    crc32Composite:
      "Ganze Dateien werden mit einer Prüfsumme der Teil-Prüfsummen verglichen (CRC32)",
    md5: "Teile werden mit ihrer MD5 verglichen",
  },
  checksParts: "Lehnt beschädigt angekommene Teile ab",
  checksWhole: "Lehnt eine beschädigt angekommene Datei ab",
  reportsChecksum: "Meldet Prüfsummen auch später",
  trailers: "Unterstützt angehängte Prüfsummen, sodass Dateien nur einmal gelesen werden",
  overwriting: "Kann das Überschreiben ablehnen",
  overwritingSmall: "Kann das Überschreiben ablehnen, aber nur bei kleinen Dateien",
  overwritingLarge: "Kann das Überschreiben ablehnen, aber nur bei großen Dateien",
  listsUploads: "Listet unvollständige Uploads auf",
  attributes: "Nennt die Teile eines Objekts",
  equalParts: "Alle Teile müssen gleich groß sein",
  abortsAfter: (days) =>
    `Bricht unvollständige Uploads nach ${counted(days, { one: "Tag", other: "Tagen" })} ab`,
  maxPart: (size) => `Größte Teilgröße: ${size}`,
  maxObject: (size) => `Größtes Objekt: ${size}`,

  probe: "Server prüfen",
  probing: "Wird geprüft ...",
  needsBucket: "Geprüft wird mit einem Test-Upload: dazu oben einen Bucket angeben und speichern.",
  probesIn: (bucket) => `Mit einem Test-Upload nach ${bucket}, der wieder gelöscht wird.`,
};

// An object that already has an upload's key, in German.
import type { keyConflict as en } from "../en/keyConflict";

export const keyConflict: typeof en = {
  title: "Ein Objekt mit diesem Namen ist schon vorhanden",
  text: "Bis zur Entscheidung wird nichts gesendet.",
  there: "Auf dem Server",
  file: "Diese Datei",
  size: "Größe",
  modified: "Geändert",
  unknown: "unbekannt",
  bytes: {
    same: (algorithm) => `Beide haben denselben Inhalt (${algorithm}).`,
    differ: "Der Inhalt unterscheidet sich.",
    unknown: "Der Server liefert keine Prüfsumme zum Vergleichen.",
    unseen: "Diese Schlüssel dürfen das Objekt nicht lesen.",
  },
  row: {
    same: "Vorhanden, gleich.",
    differ: "Vorhanden, anders.",
    unknown: "Schon vorhanden.",
    sizes: (there, here) => `${there} dort, ${here} hier`,
  },
  skipped: {
    title: "Übersprungen: Ein Objekt mit diesem Namen ist schon vorhanden",
    text: "Es wurde nichts hochgeladen.",
    sameSize: "Beide sind gleich groß. Der Inhalt wurde nicht verglichen.",
    there: "Schon vorhanden",
    thereSame: "Schon vorhanden, gleicher Inhalt",
    thereSameSize: "Schon vorhanden, gleich groß",
    thereDiffers: (there, here) => `Schon vorhanden: ${there}, diese Datei ${here}`,
  },
  answers: { replace: "Ersetzen", keepBoth: "Beide behalten", skip: "Überspringen" },
  forAll: (n) => `Für alle gemeinsam hinzugefügten Dateien (bisher ${n})`,
};

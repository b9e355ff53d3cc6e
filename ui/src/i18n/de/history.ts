// What happened to an upload, and what keeps it from going on, in German.
import { counted } from "../counted";
import type { history as en } from "../en/history";

const parts = (n: number) => counted(n, { one: "Teil", other: "Teile" });
const partsDative = (n: number) => counted(n, { one: "Teil", other: "Teilen" });

export const history: typeof en = {
  queued: "Eingereiht",
  started: "Begonnen",
  resumed: "Fortgesetzt",
  paused: "Angehalten",
  cancelled: "Abgebrochen; auf dem Server ist nichts davon übrig",
  failed: (why) => `Fehlgeschlagen: ${why}`,
  waiting: (why) => `Wartet: ${why}`,
  reconnected: (time) => `Nach ${time} ohne Server fortgesetzt`,
  slept: (time) => `Dieser Computer war ${time} im Ruhezustand; neu verbunden`,
  resent: {
    part: (n, why) => `Teil ${n} wird erneut gesendet: ${why}`,
    partAfter: (n, times, why) => `Teil ${n} wird nach ${times} Versuchen erneut gesendet: ${why}`,
    whole: (why) => `Die Datei wird erneut gesendet: ${why}`,
    wholeAfter: (times, why) => `Die Datei wird nach ${times} Versuchen erneut gesendet: ${why}`,
  },
  moreResent: "Weitere Teile werden erneut gesendet; hier stehen nur die ersten",
  foundStored: (stored, all, amount) =>
    `Fortgesetzt: ${stored} von ${partsDative(all)} bereits gespeichert, ${amount}`,
  foundIncomplete:
    "Auf dem Server gefunden: ein unvollständiger Multipart-Upload mit Teilen dieser Datei",
  adopted: (n, amount) =>
    `Übernommen: ein unvollständiger Multipart-Upload mit ${counted(n, { one: "gespeicherten Teil", other: "gespeicherten Teilen" })}, ${amount}`,
  released: "Freigegeben; der unvollständige Multipart-Upload auf dem Server blieb unverändert",
  restarted: {
    gone: "Neu gestartet: Den Multipart-Upload gibt es auf dem Server nicht mehr",
    outgrown: "Neu gestartet: Die Datei ist jetzt leer oder zu groß für ihre Teilgröße",
    keepsParts:
      "Für die kleinere Datei neu gestartet: Auf diesem Server lassen sich Teile nicht weglassen",
  },
  beingChanged: "Die Datei wird gerade geändert; abweichende Teile werden am Ende erneut gesendet",
  changed: {
    same: "Die Datei wurde geändert, ihr Inhalt ist aber gleich; nichts muss erneut gesendet werden",
    noPart: (more) =>
      `Die Datei hat sich geändert: Kein gespeicherter Teil weicht ab, noch ${parts(more)} zu senden`,
    again: (n) =>
      `Die Datei hat sich geändert: ${counted(n, { one: "Teil wird", other: "Teile werden" })} erneut gesendet`,
  },
  copied: "Die Datei ändert sich ständig: Eine Kopie der aktuellen Version wird hochgeladen",
  keyTaken: "Antwort nötig: Ein Objekt mit diesem Key ist schon vorhanden",
  answered: {
    replace: "Antwort: das vorhandene Objekt ersetzen",
    keepBoth: "Antwort: beide Objekte behalten",
    skip: "Antwort: diese Datei überspringen",
    skipSame: "Antwort: bei gleicher Größe überspringen",
    none: "Antwort: keine",
  },
  keptBoth: (key) => `Name schon vergeben, gespeichert als ${key}`,
  skipped: "Übersprungen: Der Bucket enthält schon ein Objekt mit diesem Key",
  responseLost: "Alles war angekommen; nur die Antwort ging verloren",
  probed: "Fähigkeiten des Servers geprüft",
  probeFailed: (why) => `Die Fähigkeiten des Servers ließen sich nicht prüfen: ${why}`,
  probedAgain: "Der Server hat abgelehnt, was er bisher unterstützte: erneut geprüft",
  abortedEmpty:
    "Einen leeren Multipart-Upload abgebrochen, den eine verlorene Antwort hinterlassen hatte",
  mayBeLeftBehind:
    "Eine Antwort ging verloren, und der Server nennt den dabei angelegten Multipart-Upload nicht: Ein leerer kann zurückbleiben",
  done: (proof) => `Fertig, ${proof}`,

  waits: {
    still: "Die Datei wird gerade geändert; sie wird verglichen, sobald sie sich nicht mehr ändert",
    comparing: (part, all) => `Vergleich mit der Datei: Teil ${part} von ${all}`,
    copying: "Die Datei wird kopiert, um eine einzige Version hochzuladen",
    asking: "Die Fähigkeiten des Servers werden geprüft",
  },
};

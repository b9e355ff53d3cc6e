// The list of uploads, in German.
import { counted } from "../counted";
import type { queue as en } from "../en/queue";

const parts = (n: number) => counted(n, { one: "Teil", other: "Teile" });
const partsDative = (n: number) => counted(n, { one: "Teil", other: "Teilen" });

export const queue: typeof en = {
  name: "Warteschlange",
  addFiles: "Dateien ...",
  sort: "Reihenfolge der Liste",
  filter: "Filtern",
  clearFilter: "Filter löschen",
  noName: (typed) => `Kein Name passt zu „${typed}“.`,
  status: {
    waiting: "Wartet",
    preparing: "Vorbereitung",
    sending: "Sendet",
    offline: "Unerreichbar",
    completing: "Abschluss",
    needsAnswer: "Antwort nötig",
    pausing: "Wird angehalten",
    done: "Fertig",
    skipped: "Übersprungen",
    paused: "Angehalten",
    failed: "Fehlgeschlagen",
    aborting: "Bricht ab",
    aborted: "Abgebrochen",
  },
  signIn: "Anmeldung nötig",
  nothing: {
    all: "Keine Uploads",
    active: "Keine aktiven Uploads",
    waiting: "Keine wartenden Uploads",
    paused: "Keine angehaltenen Uploads",
    needsAnswer: "Keine Uploads brauchen eine Antwort",
    failed: "Keine fehlgeschlagenen Uploads",
    done: "Noch keine fertigen Uploads",
    skipped: "Keine übersprungenen Dateien",
    cancelled: "Keine abgebrochenen Uploads",
  },
  progressOf: (name) => `Fortschritt von ${name}`,
  sentAndStored: (percent, sent, stored) =>
    `${percent} Prozent gesendet, ${sent}; ${stored} gespeichert`,
  verified: "Geprüft",
  mismatch: {
    differs: { state: "Abweichung", title: "Das Objekt auf dem Server wurde geändert" },
    gone: { state: "Fehlt", title: "Das Objekt auf dem Server wurde gelöscht" },
  },
  pauseCosts: (amount) =>
    `Anhalten: bis zu ${amount}, die gerade unterwegs sind, werden erneut gesendet`,
  fromFile: (name) => `aus ${name}`,
  inOneRequest: "in einer Anfrage",
  inFlight: (n) => `${parts(n)} unterwegs`,
  breakCosts: (amount) => `Unterbrechung kostet ${amount}`,
  oneRequest: "Eine Anfrage",
  plan: (n, size) => `${parts(n)} zu je ${size}`,
  moved: (name, at, total) => `${name}, jetzt ${at} von ${total}`,
  map: {
    stored: (n, all) => `${n} von ${partsDative(all)} gespeichert`,
    inFlight: (n) => `${n} unterwegs`,
    again: (n) => `${n} vor erneutem Senden`,
    toGo: (n) => `${n} noch nicht gesendet`,
  },
  proof: {
    wholeObject: (algorithm) => `verglichen: ganzes Objekt, ${algorithm}`,
    composite: (algorithm) => `verglichen: zusammengesetzte Prüfsumme, ${algorithm}`,
    etag: "verglichen: MD5 (ETag)",
    etagOfParts: "verglichen: MD5 jedes Teils (ETag)",
    size: "verglichen: nur die Größe",
    sizeAndParts: (algorithm) => `verglichen: nur die Größe; jeder Teil mit ${algorithm}`,
  },
  what: {
    object: "Objekt",
    size: "Größe",
    checksum: "Prüfsumme",
    etag: "ETag",
    version: "Version",
    parts: "Teile",
    file: "Lokale Datei",
  },
  held: { same: "gleich", differs: "abweichend", untold: "unbekannt" },
  verdict: {
    same: "Das Objekt auf dem Server stimmt mit dem Gesendeten überein",
    sizeOnly: "Keine Abweichung, aber dieser Server meldet nur die Größe",
    differs: "Das Objekt auf dem Server weicht vom Gesendeten ab",
    gone: "Das Objekt ist nicht mehr vorhanden",
  },
};

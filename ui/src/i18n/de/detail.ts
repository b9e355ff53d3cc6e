// The one selected upload in full, in German.
import { counted } from "../counted";
import type { detail as en } from "../en/detail";

const parts = (n: number) => counted(n, { one: "Teil", other: "Teile" });
const partsDative = (n: number) => counted(n, { one: "Teil", other: "Teilen" });

export const detail: typeof en = {
  none: "Upload auswählen, um seine Teile zu sehen",
  selected: (n) => `${counted(n, { one: "Upload", other: "Uploads" })} ausgewählt`,
  close: "Details schließen",
  percent: (n) => `${n}\u00a0%`,
  sent: (amount) => `${amount} gesendet`,
  stored: (amount) => `${amount} gespeichert`,
  sentInVain: (amount, vain) => `${amount}, davon ${vain} nicht gespeichert`,
  sentTwice: (amount, twice) => `${amount}, davon ${twice} doppelt`,
  goesOnSignedIn: (why) => `${why}. Nach der Anmeldung macht Windlass automatisch weiter.`,
  goesOnWithCode: (why) => `${why}. Nach der Eingabe macht Windlass automatisch weiter.`,
  goesOn: (why) => `${why}. Windlass macht automatisch weiter.`,
  copyAddress: "S3-URI kopieren",
  copyUrl: "URL kopieren",

  receiptTitle: "Beleg",
  throughputTitle: "Durchsatz",
  factsTitle: "Details",
  historyTitle: "Verlauf",

  timeShown: "Zeitraum",
  speedOfMinute: (now, peak) =>
    `Geschwindigkeit der letzten Minute: jetzt ${now}, höchstens ${peak}`,
  speedOfMinutes: (minutes, now, peak) =>
    `Geschwindigkeit der letzten ${minutes} Minuten: jetzt ${now}, höchstens ${peak}`,

  map: {
    storedNow: (stored, all) => `${stored} von ${all} gespeichert`,
    label: (summary) => `Karte der Teile: ${summary}`,
    range: (first, last, percent) => `Teile ${first} bis ${last}: ${percent} Prozent gespeichert`,
    part: (n, state) => `Teil ${n}: ${state}`,
    stored: "gespeichert",
    again: "wird erneut gesendet",
    toGo: "noch nicht gesendet",
    sending: (percent) => `wird gesendet, ${percent} Prozent`,
    sendingShort: (percent) => `${percent}\u00a0% gesendet`,
    againShort: "erneut zu senden",
    table: "Teile",
    columns: { part: "Teil", size: "Größe", state: "Stand" },
    asTable: "Als Tabelle zeigen",
    asMap: "Als Karte zeigen",
  },

  facts: {
    to: "Ziel",
    size: "Größe",
    plan: "Teile",
    stored: "Gespeichert",
    sent: "Gesendet",
    break: "Unterbrechung",
    "found-stored": "Schon vorhanden",
    retries: "Neuversuche",
    "sent-again": "Neu gesendet",
    started: "Beginn",
    took: "Dauer",
    proof: "Nachweis",
    checksum: "Prüfsumme",
    etag: "ETag",
    version: "Version",
    "upload-id": "Upload-ID",
    from: "Quelle",
  },
  storedOf: (stored, all) => `${stored} von ${partsDative(all)}`,
  wouldCost: (amount) => `${amount} erneut zu senden`,
  wouldCostNothing: "nichts erneut zu senden",
  whatItCosts: "Gesendet, aber noch nicht gespeichert; müsste erneut gesendet werden",
  resent: (n) => `${parts(n)}, weil sich die Datei geändert hat`,

  receipt: {
    summed: "CRC64NVME, hier berechnet",
    copy: "CRC64NVME kopieren",
    verify: "Erneut prüfen",
    verifyWithFile: "Mit Datei prüfen",
    save: "Beleg speichern ...",
    foundAt: (found, time) => `${found}. Erneut geprüft: ${time}.`,
    savedTo: (path) => `Gespeichert: ${path}`,
  },

  findings: {
    title: "Ergebnisse",
    readingFile: "Lokale Datei wird gelesen",
    percentRead: (n) => `${n} Prozent gelesen`,
    readSoFar: (amount) => `Datei wird gelesen: ${amount}`,
    asking: "Server wird abgefragt ...",
  },
};

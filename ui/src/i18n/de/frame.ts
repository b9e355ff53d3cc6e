// What stands around the screens, in German.
import { counted } from "../counted";
import type { frame as en } from "../en/frame";

const uploads = (n: number) => counted(n, { one: "Upload", other: "Uploads" });

export const frame: typeof en = {
  rail: {
    name: "Hauptnavigation",
    uploads: "Uploads",
    all: "Alle",
    active: "Aktiv",
    waiting: "Wartend",
    paused: "Angehalten",
    needsAnswer: "Antwort nötig",
    failed: "Fehler",
    done: "Fertig",
    skipped: "Übersprungen",
    cancelled: "Abgebrochen",
    server: "Auf dem Server",
    unfinished: "Unvollständig",
    connections: "Verbindungen",
    actions: "Aktionen",
    settings: "Einstellungen",
  },
  status: {
    offline: "Warten auf den Server",
    signIn: "Warten auf die Anmeldung",
    one: "1 Upload",
    doneOf: (n, all) => `${n} von ${all} fertig`,
    left: (time) => `noch ${time}`,
    waiting: (n) => `${n} wartend`,
    paused: (n) => `${n} angehalten`,
    needsAnswer: (n) => counted(n, { one: "braucht", other: "brauchen" }) + " eine Antwort",
    failed: (n) => `${n} fehlgeschlagen`,
    done: (n) => `${uploads(n)} fertig`,
    skipped: (n) => `${n} übersprungen`,
    allDone: (n) => (n === 1 ? "Der Upload ist fertig" : `Alle ${uploads(n)} fertig`),
    connections: (n) => counted(n, { one: "Verbindung", other: "Verbindungen" }),
    atMost: (rate) => `begrenzt auf ${rate}`,
    fullSpeed: "volle Geschwindigkeit",
    changeLimit: "Begrenzung ändern",
    until: (what, time) => `${what} bis ${time}`,
  },
  said: {
    failed: (n) => `${uploads(n)} fehlgeschlagen`,
    done: (n) => `${uploads(n)} fertig`,
    skipped: (n) => `${uploads(n)} übersprungen`,
    uploading: "Upload läuft",
    verifying: "Prüfung läuft",
    verifyingCancelled: "Prüfung abgebrochen",
    receiptSaved: "Beleg gespeichert",
  },
  undo: {
    cancelledOne: (name) => `${name} abgebrochen`,
    cancelledMany: (n) => `${uploads(n)} abgebrochen`,
    deletesSoon: (amount) => `${amount} auf dem Server werden gelöscht`,
    within: (seconds) =>
      `Noch ${counted(seconds, { one: "Sekunde", other: "Sekunden" })} lang rückgängig zu machen.`,
    pausedOne: (name) => `${name} angehalten`,
    pausedMany: "Uploads angehalten",
    resends: (amount) => `${amount}, die gerade unterwegs sind, werden erneut gesendet`,
    restored: (n) => `${uploads(n)} wiederhergestellt`,
    tooLate: "Zu spät zum Rückgängigmachen",
    tooLateNote: "Die Teile sind gelöscht. „Erneut versuchen“ beginnt von vorn.",
  },
  ask: {
    removeOne: (name) => `${name} entfernen?`,
    removeMany: (n) => `${uploads(n)} entfernen?`,
    removeText: (stored) =>
      `${stored} unvollständiger Uploads auf dem Server werden ebenfalls gelöscht.`,
    removeAllText: "Teile, die schon auf dem Server liegen, werden gelöscht.",
    removeYes: "Entfernen und löschen",
    removeNo: "Behalten",
  },
  dialogs: {
    files: "Dateien auswählen",
    folders: "Ordner auswählen",
    certificates: "Zertifikatsdatei auswählen",
    certificateFiles: "Zertifikate",
    receipt: "Beleg speichern",
    report: "Problembericht speichern",
  },
  panicked: {
    now: {
      title: "In Windlass ist ein Fehler aufgetreten",
      text: "Die Uploads bleiben erhalten. Wenn etwas nicht mehr reagiert, Windlass beenden und neu starten: Die Uploads werden von selbst fortgesetzt.",
    },
    earlier: {
      title: "In Windlass ist beim letzten Mal ein Fehler aufgetreten",
      text: "Die Uploads sind erhalten geblieben und werden von selbst fortgesetzt. Ein Bericht hilft, den Fehler zu finden.",
    },
    report: "Bericht speichern...",
  },
  notices: {
    journalAside: {
      title: "Die Liste der Uploads war beschädigt und wurde neu begonnen",
      advice:
        "Nachsehen, was fehlt, und es neu hinzufügen: Teile, die schon auf dem Server sind, werden dort gefunden.",
      where: "Die beschädigte Liste liegt hier:",
    },
    settingsAside: {
      title: "Die Einstellungen waren beschädigt und wurden zurückgesetzt",
      advice: "Vor dem Fortfahren Verbindungen und Einstellungen prüfen.",
      where: "Die beschädigten Einstellungen liegen hier:",
    },
    journalFull: {
      title: "Windlass kann seine Liste der Uploads nicht speichern",
      advice:
        "Aktive Uploads laufen weiter. Die übrigen starten automatisch, sobald sich die Liste speichern lässt.",
      where: "Die Liste liegt in",
    },
    scratchLeft: {
      title: "Ein Test-Upload ließ sich nicht vom Server löschen",
      advice: "Diese Schlüssel dürfen es nicht. Mit Schlüsseln löschen, die es dürfen.",
      where: "Er liegt hier:",
    },
  },
  welcome: {
    drop: "Dateien zum Hochladen hierher ziehen",
    goesTo: (place) => `Hochgeladen wird nach ${place}`,
    files: "Dateien auswählen ...",
    folder: "Ordner auswählen ...",
    connect: "Zuerst mit S3 verbinden",
    connectText:
      "Amazon S3 oder ein S3-kompatibler Server. Nötig sind sein Endpunkt und die eigenen Schlüssel.",
    addConnection: "Verbindung hinzufügen ...",
    practice: "Oder sich erst umsehen",
    practiceText:
      "Ein Übungsspeicher läuft auf diesem Computer. Nichts verlässt ihn, und ein Konto ist nicht nötig.",
    tryPractice: "Auf diesem Computer ausprobieren",
  },
};

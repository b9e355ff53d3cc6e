// The settings, in German.
import type { settings as en } from "../en/settings";

export const settings: typeof en = {
  title: "Einstellungen",
  setTo: "Fester Wert",
  automatic: "Automatisch",

  appearance: {
    title: "Darstellung",
    colours: "Design",
    themes: { system: "Wie das System", light: "Hell", dark: "Dunkel" },
    rows: "Zeilen",
    densities: { normal: "Standard", compact: "Kompakt" },
    language: "Sprache",
    systemLanguage: "Wie das System",
  },

  speed: {
    title: "Geschwindigkeit",
    atOnce: "Große Uploads gleichzeitig",
    connections: "Verbindungen",
    connectionsHint:
      "Zu jedem Server, für alle Uploads zusammen. „Automatisch“ findet die Zahl mit dem höchsten Durchsatz.",
    limit: "Begrenzung",
    noLimit: "Keine",
    limitTo: "Begrenzen auf",
    others: "Priorität",
    lowPriority: "Anderen Programmen Vorrang geben",
    lowPriorityHint:
      "Windlass nimmt dann nur, was sie vom Prozessor und, wo das System es kann, von der Festplatte übrig lassen.",
    lowPriorityLinux: "Unter Linux wirkt das Ausschalten erst beim nächsten Start.",
  },

  hours: {
    title: "Zeitplan",
    table: "Geplante Begrenzungen",
    days: "Tage",
    from: "Von",
    until: "Bis",
    limit: "Begrenzung",
    none: "keine",
    limitIn: (unit) => `Begrenzung in ${unit}, leer für keine`,
    add: "Zeiten hinzufügen",
    remove: "Diese Zeiten entfernen",
    up: "Diese Zeiten nach oben schieben",
    hint: "Eine andere Begrenzung zu bestimmten Zeiten, etwa weniger, während andere arbeiten. Sonst gilt die Begrenzung oben.",
    first: "Wo sich Zeiten überschneiden, gelten die oberen.",
    noDay: "Ohne einen Tag gelten diese Zeiten nie.",
    wholeDay: (time) => `24 Stunden, ab ${time}`,
    allDay: "Den ganzen Tag",
    overnight: (time) => `Bis ${time} am nächsten Tag`,
    noTime: "Das ist keine Uhrzeit. Üblich ist 08:00.",
    noLimit: "Das ist keine Zahl in MB/s. Leer heißt: keine Begrenzung.",
  },

  parts: {
    title: "Teile",
    size: "Teilgröße",
    hint: "Große Dateien werden in Teilen hochgeladen. S3 erlaubt je 5\u00a0MiB bis 5\u00a0GiB und 10.000 Teile; sehr große Dateien bekommen größere Teile, wo es sein muss.",
  },

  changing: {
    title: "Dateien, die sich laufend ändern",
    askAfter: "Nachfragen nach",
    hint: "Windlass wartet, bis sich eine solche Datei nicht mehr ändert, und sendet Geändertes neu. Nach dieser Zeit fragt es, was geschehen soll.",
    minutes: "Minuten",
  },

  exists: {
    title: "Falls ein Objekt schon vorhanden ist",
    what: "Vorgehen",
    hint: "Sofern die Verbindung oder ein Upload nichts anderes vorgibt. „Fragen“ sendet nichts vor der Antwort.",
  },

  whenDone: {
    title: "Wenn alle Uploads fertig sind",
    tell: "Benachrichtigen",
    notify: "Mit Mitteilung",
    sound: "Mit Ton",
    notifyHint: "Auch wenn ein Upload fehlschlägt.",
    then: "Danach",
    ways: { stay: "Nichts tun", quit: "Windlass beenden", sleep: "Ruhezustand" },
  },

  power: {
    title: "Fenster und Energie",
    computer: "Dieser Computer",
    keepAwake: "Beim Hochladen wach halten",
    closing: "Beim Schließen",
    closingHint: "Was das Schließen des Fensters bewirkt, während Uploads laufen.",
    ways: { ask: "Fragen", quit: "Beenden", tray: "Im Infobereich weiter hochladen" },
  },

  about: {
    title: "Über Windlass",
    version: "Version",
    files: "Datenordner",
    copyPath: "Pfad des Ordners kopieren",
    log: "Protokollordner",
    report: "Problembericht",
    reportNames: "Mit Namen von Dateien, Buckets, Schlüsseln und Servern",
    reportHint:
      "Eine Zip-Datei mit dem Protokoll, den Einstellungen und dem Stand der Uploads. Sie enthält keine Passwörter und keine Zugangsschlüssel. Windlass verschickt sie nicht.",
    saveReport: "Bericht speichern...",
    copyReportPath: "Pfad des Berichts kopieren",
  },
};

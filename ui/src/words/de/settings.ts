// The settings, in German.
import type { settings as en } from "../en/settings";

export const settings: typeof en = {
  title: "Einstellungen",
  setTo: "Fester Wert",
  automatic: "Automatisch",

  appearance: {
    title: "Darstellung",
    colours: "Farben",
    themes: { system: "Wie das System", light: "Hell", dark: "Dunkel" },
    rows: "Zeilen",
    densities: { normal: "Standard", compact: "Kompakt" },
    language: "Sprache",
    systemLanguage: "Wie das System",
  },

  speed: {
    title: "Geschwindigkeit",
    atOnce: "Gleichzeitige Uploads",
    connections: "Verbindungen",
    connectionsHint:
      "Anfragen, die zur selben Zeit laufen, über alle Uploads. „Automatisch“ findet heraus, was die Leitung trägt.",
    limit: "Begrenzung",
    noLimit: "Keine",
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

  whenDone: {
    title: "Wenn alles gesendet ist",
    tell: "Melden",
    notify: "Mitteilung anzeigen",
    sound: "Mit Ton",
    notifyHint: "Auch wenn ein Upload fehlschlägt.",
    then: "Danach",
    ways: { stay: "Geöffnet bleiben", quit: "Windlass beenden", sleep: "Ruhezustand" },
  },

  power: {
    title: "Fenster und Energie",
    computer: "Dieser Computer",
    keepAwake: "Beim Senden wach halten",
    closing: "Beim Schließen",
    closingHint: "Was das Schließen des Fensters bewirkt, während Uploads laufen.",
    ways: { ask: "Fragen", quit: "Beenden", tray: "Im Infobereich weiter hochladen" },
  },

  about: {
    title: "Über Windlass",
    version: "Version",
    files: "Datenordner",
    copyPath: "Pfad des Ordners kopieren",
  },
};

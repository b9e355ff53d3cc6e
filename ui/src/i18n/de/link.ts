// The dialog that makes a link to a finished upload, in German.
import type { link as en } from "../en/link";

export const link: typeof en = {
  title: (name) => `Link zu ${name}`,
  holds: "Gültig für",
  holdsHow: "Wie lange der Link gültig ist",
  times: { hour: "1 Stunde", day: "1 Tag", week: "7 Tage", own: "Andere" },
  amount: "Wie viele",
  unit: "Minuten, Stunden oder Tage",
  units: { minutes: "Minuten", hours: "Stunden", days: "Tage" },
  wrong: "Eine Zahl; höchstens sieben Tage.",
  opens: "Im Browser",
  download: "Unter dem Dateinamen herunterladen",
  downloadHint: "Sonst zeigt er an, was er anzeigen kann.",
  until: (when) => `Wer den Link hat, kann dieses Objekt bis ${when} lesen.`,
  warns: "Wer den Link hat, kann dieses Objekt lesen, ohne sich anzumelden.",
  sooner:
    "Er läuft vielleicht früher ab: Signiert wurde er mit einer Sitzung, deren Ende nicht bekannt ist.",
  make: "Link kopieren",
  making: "Wird erstellt ...",
  again: "Erneut kopieren",
  copied: "Kopiert.",
  notCopied: "Er ließ sich nicht in die Zwischenablage kopieren. Den Link markieren und kopieren.",
  made: "Link zum Kopieren",
};

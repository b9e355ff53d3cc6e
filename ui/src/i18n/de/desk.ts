// What the desktop around the window is told, in German.
import { counted } from "../counted";
import type { desk as en } from "../en/desk";

const files = (n: number) => counted(n, { one: "Datei", other: "Dateien" });
const uploads = (n: number) => counted(n, { one: "Upload", other: "Uploads" });

export const desk: typeof en = {
  notify: {
    doneOne: (name, to) =>
      to === "" ? `${name} ist hochgeladen` : `${name} ist hochgeladen: ${to}`,
    done: (n, to) => (to === "" ? `${uploads(n)} fertig` : `${uploads(n)} fertig: ${to}`),
    skipped: (n, done) => (done === "" ? `${files(n)} übersprungen` : `${done}, ${n} übersprungen`),
    skippedText:
      "Objekte mit denselben Namen sind schon vorhanden; diese Dateien wurden nicht hochgeladen.",
    failed: (n, to) =>
      to === "" ? `${uploads(n)} fehlgeschlagen` : `${uploads(n)} fehlgeschlagen: ${to}`,
    needsAnswer: (n) =>
      counted(n, { one: "Datei braucht", other: "Dateien brauchen" }) + " eine Antwort",
    choose:
      "Ein Objekt mit demselben Namen ist schon vorhanden: ersetzen, beide behalten oder überspringen.",
    signIn: (n) =>
      n === 1 ? "1 Upload wartet auf die Anmeldung" : `${uploads(n)} warten auf die Anmeldung`,
    signInText: "Nach der Anmeldung geht es von selbst weiter.",
    practice: "Die Dateien liegen nur auf diesem Computer.",
    look: "Die Zeile des Uploads zeigt, was zu tun ist.",
    compared: "Verglichen mit dem, was der Server gespeichert hat.",
  },
  tray: { show: "Windlass zeigen", quit: "Beenden" },
  edit: "Bearbeiten",
  leaving: {
    title: "Beenden, während Uploads laufen?",
    text: (n) =>
      n === 1
        ? "1 Upload wird angehalten und beim nächsten Start fortgesetzt."
        : `${uploads(n)} werden angehalten und beim nächsten Start fortgesetzt.`,
    resend: (amount) => `${amount}, die gerade unterwegs sind, werden dann erneut gesendet.`,
    quit: "Beenden",
    stay: "Weiter hochladen",
    tray: "Im Infobereich weiterlaufen",
  },
  parting: {
    quit: (seconds) => `Alle Uploads sind fertig. Windlass wird in ${seconds} s beendet.`,
    sleep: (seconds) =>
      `Alle Uploads sind fertig. Der Computer wechselt in ${seconds} s in den Ruhezustand.`,
    now: "Jetzt",
    stay: "Abbrechen",
  },
};

// What happened to an upload, and what keeps it from going on, in German.
import { counted } from "../counted";
import type { history as en } from "../en/history";

const partsDative = (n: number) => counted(n, { one: "Teil", other: "Teilen" });

export const history: typeof en = {
  queued: "Eingereiht",
  started: "Begonnen",
  resumed: "Fortgesetzt",
  paused: "Angehalten",
  cancelled: "Abgebrochen; auf dem Server ist nichts davon übrig",
  failed: (why) => `Fehlgeschlagen: ${why}`,
  waiting: (why) => `Wartet: ${why}`,
  wentOn: (time) => `Nach ${time} ohne Server weitergegangen`,
  slept: (time) => `Dieser Computer hat ${time} geschlafen; neu verbunden`,
  sentAgain: {
    part: (n, why) => `Teil ${n} wird noch einmal gesendet: ${why}`,
    partAfter: (n, times, why) =>
      `Teil ${n} wird nach ${times} Versuchen noch einmal gesendet: ${why}`,
    whole: (why) => `Wird noch einmal gesendet: ${why}`,
    wholeAfter: (times, why) => `Wird nach ${times} Versuchen noch einmal gesendet: ${why}`,
  },
  moreSentAgain: "Noch mehr wird erneut gesendet; hier steht nur das Erste",
  foundStored: (stored, all, amount) =>
    `Fortgesetzt: ${stored} von ${partsDative(all)} waren gespeichert, ${amount}`,
  foundAgain: "Auf dem Server wiedergefunden: ein unvollständiger Upload mit Teilen dieser Datei",
  adopted: (n, amount) =>
    `Vom Server übernommen: ein unvollständiger Upload mit ${counted(n, { one: "gespeicherten Teil", other: "gespeicherten Teilen" })}, ${amount}`,
  leftThere: "Losgelassen; der unvollständige Upload ist auf dem Server, wie er war",
  begunAgain: {
    gone: "Der unvollständige Upload war auf dem Server verschwunden; von vorn begonnen",
    outgrown:
      "Die Datei ist zu groß für ihre Teile geworden oder ist jetzt leer: von vorn begonnen",
    keepsParts:
      "Dieser Server lässt keine Teile weg: für die kleinere Datei wurde von vorn begonnen",
  },
  beingChanged: "Die Datei wird gerade geändert; was abweicht, wird am Ende noch einmal gesendet",
  changed: {
    same: "Die Datei wurde berührt, ihre Bytes sind gleich: nichts wird noch einmal gesendet",
    noPart: (more) => `Die Datei hat sich geändert: kein Teil weicht ab, ${more} sind noch offen`,
    again: (n) =>
      `Die Datei hat sich geändert: ${counted(n, { one: "Teil wird", other: "Teile werden" })} noch einmal gesendet`,
  },
  copied: "Die Datei ändert sich ständig: eine Kopie ihres jetzigen Stands wird gesendet",
  keptBeside: (key) => `Der Key war vergeben: daneben abgelegt als ${key}`,
  skipped: "Übersprungen: Der Bucket hat schon ein Objekt mit diesem Key",
  hadArrived: "Es war angekommen: nur die Antwort ging verloren",
  asked: "Den Server gefragt, was er annimmt",
  notAsked: (why) => `Was der Server annimmt, ließ sich nicht herausfinden: ${why}`,
  askedAgain: "Der Server wies ab, was er bisher annahm: er wurde neu gefragt",
  tookOff: "Einen leeren Upload entfernt, dessen Beginn unbeantwortet blieb",
  mayBeLeft:
    "Eine Antwort ging verloren, und der Server sagt nicht, welcher unvollständige Upload dieser ist: ein leerer kann übrig sein",
  done: (proof) => `Fertig, ${proof}`,

  waits: {
    still: "Die Datei wird gerade geändert; sie wird verglichen, sobald sie unverändert bleibt",
    comparing: (part, all) => `Vergleich mit der Datei: Teil ${part} von ${all}`,
    copying: "Die Datei wird kopiert, um einen einzigen Stand zu senden",
    asking: "Der Server wird gefragt, was er annimmt",
  },
};

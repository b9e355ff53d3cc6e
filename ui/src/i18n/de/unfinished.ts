// The incomplete multipart uploads of a server, in German.
import { counted } from "../counted";
import type { unfinished as en } from "../en/unfinished";

const uploads = (n: number) =>
  counted(n, { one: "unvollständiger Upload", other: "unvollständige Uploads" });
const days = (n: number) => counted(n, { one: "Tag", other: "Tage" });
const daysDative = (n: number) => counted(n, { one: "Tag", other: "Tagen" });

export const unfinished: typeof en = {
  title: "Unvollständige Uploads",
  table: "Unvollständige Uploads",
  connection: "Verbindung",
  bucket: "Bucket",

  hold: (n, size) => `${uploads(n)} ${n === 1 ? "belegt" : "belegen"} ${size}.`,
  holdAtLeast: (n, size) => `${uploads(n)} ${n === 1 ? "belegt" : "belegen"} ${size} oder mehr.`,
  holdNothing: (n) => `${uploads(n)} ${n === 1 ? "belegt" : "belegen"} noch nichts.`,
  billed: (n) => `Für ${n === 1 ? "ihn" : "sie"} fallen Speicherkosten an.`,
  practice: "Platz brauchen sie nur auf diesem Computer.",
  looking: "Wird geladen ...",
  lookingAgain: "Wird aktualisiert ...",
  found: (n) => `Bisher ${uploads(n)} gefunden`,
  measured: (known, all, size) => `Größen werden ermittelt: ${known} von ${all}, bisher ${size}`,
  more: (most) =>
    `Der Bucket hat noch mehr: Gezeigt werden nur die ersten ${most}. Aktualisieren zeigt andere.`,
  nothing: "Keine unvollständigen Uploads, keine Kosten",
  nothingText: "Jeder Upload in diesen Bucket wurde abgeschlossen oder abgebrochen.",
  nothingFits: (typed) => `Kein Key passt zu „${typed}“.`,
  noBucket: "Einen Bucket wählen",
  noConnection: "Noch keine Verbindung",
  noConnectionText:
    "Uploads, die begonnen und nie abgeschlossen wurden, bleiben auf dem Server und kosten Speicher. Mit S3 verbinden, um sie zu sehen.",
  notLooked: "Die Liste ließ sich nicht laden",

  columns: {
    key: "Key",
    started: "Beginn",
    parts: "Teile",
    stored: "Belegt",
    whose: "Von",
  },
  ours: "In der Liste",
  untold: "unbekannt",
  notStarted: "unbekannt",
  select: "Nichts ausgewählt",
  selectedOnly: (n) => `${n} ausgewählt`,
  selected: (n, size) => `${n} ausgewählt, ${size}`,
  adopt: "Fortsetzen ...",
  adoptHint:
    "Die Datei wählen, die hochgeladen wurde. Jeder gespeicherte Teil wird mit ihr verglichen, bevor ein Byte gesendet wird.",
  discard: "Verwerfen ...",
  adopting: "Server wird abgefragt ...",
  discarding: (n) => `${uploads(n)} ${n === 1 ? "wird" : "werden"} verworfen ...`,
  discarded: (n) => `${uploads(n)} verworfen`,
  filter: "Nach Key filtern",
  clearFilter: "Filter löschen",

  ask: {
    one: (key) => `${key} verwerfen?`,
    many: (n) => `${uploads(n)} verwerfen?`,
    text: (size) =>
      `${size} werden auf dem Server gelöscht. Das lässt sich nicht rückgängig machen: Wer noch daran sendet, muss von vorn beginnen.`,
    textSome: (size) =>
      `${size} oder mehr werden auf dem Server gelöscht. Das lässt sich nicht rückgängig machen: Wer noch daran sendet, muss von vorn beginnen.`,
    ours: (n) =>
      n === 1
        ? "Einer davon steht hier in der Liste und wird auch dort abgebrochen."
        : `${n} davon stehen hier in der Liste und werden auch dort abgebrochen.`,
    oursOne: "Er steht hier in der Liste und wird auch dort abgebrochen.",
    yes: "Verwerfen",
    no: "Behalten",
  },

  refused: {
    adopt: (key) => `${key} lässt sich mit dieser Datei nicht fortsetzen`,
    several: (key) => `${key} lässt sich nur mit einer Datei fortsetzen, gewählt wurden mehrere`,
    another: "Andere Datei wählen ...",
    discard: (n, of) => `Nicht verworfen: ${n} von ${of}`,
    discardAll: "Nichts ließ sich verwerfen",
    andMore: (n) => `und ${n} weitere`,
  },

  cleanup: {
    unknown: (why) => `Die Aufräumregeln ließen sich nicht lesen: ${why}`,
    reading: "Die Regeln des Buckets werden gelesen ...",
    unsupported: "Dieser Server unterstützt keine Aufräumregeln.",
    none: "Sie werden nicht automatisch entfernt.",
    ours: (n) => `Der Server bricht sie ${days(n)} nach ihrem Beginn ab.`,
    other: (n, name) => `Der Server bricht sie ${days(n)} nach ihrem Beginn ab: Regel „${name}“.`,
    some: (name, prefix, n) =>
      `Die Regel „${name}“ bricht die unter ${prefix} nach ${daysDative(n)} ab.`,
    set: (n) => `Nach ${daysDative(n)} aufräumen ...`,
    change: "Ändern ...",

    title: "Automatisch aufräumen",
    text: "Der Server bricht unvollständige Uploads dann automatisch ab, damit Vergessenes nichts kostet. Er zählt ab dem Tag, an dem sie begonnen wurden, und fragt nicht: Uploads, die hier länger angehalten waren, beginnen von vorn.",
    on: "Unvollständige Uploads abbrechen nach",
    days: "Tagen",
    daysLabel: "Tage, bis unvollständige Uploads abgebrochen werden",
    wrong: "Ganze Tage, von 1 bis 3.650.",
    others: "Andere Regeln dieses Buckets; sie bleiben unverändert:",
    rule: (name, n) => `„${name}“: nach ${daysDative(n)}`,
    rulePrefix: (name, n, prefix) =>
      `„${name}“: nach ${daysDative(n)}, Keys, die mit ${prefix} beginnen`,
    stay: "Alle anderen Regeln des Buckets bleiben unverändert.",
    save: "Speichern",
    saving: "Wird gespeichert ...",
  },
};

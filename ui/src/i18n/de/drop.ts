// Files over the window, and the sheet between dropping and sending, in German.
import { counted } from "../counted";
import type { drop as en } from "../en/drop";

const files = (n: number) => counted(n, { one: "Datei", other: "Dateien" });

export const drop: typeof en = {
  over: "Dateien über dem Fenster",
  toAdd: "Zum Hinzufügen loslassen",
  toUploadTo: (name) => `Zum Hochladen nach ${name} loslassen`,
  orHere: "oder hier",

  sheet: "Upload",
  nothing: "Nichts hochzuladen",
  what: (what, size) => `${what}, ${size}`,
  to: "nach",
  counting: "Wird gezählt ...",
  allLeftOut: "Alles wurde übersprungen; die Gründe stehen unten.",
  plan: {
    big: (n, parts, size) =>
      `${counted(n, { one: "große Datei", other: "große Dateien" })} in ${counted(parts, { one: "Teil", other: "Teilen" })} von bis zu ${size}`,
    oneSmall: "1 kleine Datei in einer Anfrage",
    small: (n) =>
      `${counted(n, { one: "kleine Datei", other: "kleine Dateien" })} in je einer Anfrage`,
  },

  noConnection:
    "Es gibt noch keine Verbindung. Mit S3 verbinden oder auf diesem Computer ausprobieren.",
  connection: "Verbindung",
  practice: (name) => `${name} (Dateien bleiben auf diesem Computer)`,
  bucket: "Bucket",
  folder: "Ordner",
  folderNone: "keiner (oberste Ebene)",
  dates: "{date}, {year}, {month}, {day} und {time} werden beim Start eingesetzt.",
  practising: "Dateien bleiben auf diesem Computer.",
  exists: "Falls vorhanden",
  existsLong: "Falls schon ein Objekt mit diesem Namen vorhanden ist",
  ifExists: {
    ask: "Fragen",
    replace: "Ersetzen",
    keepBoth: "Beide behalten",
    skip: "Überspringen",
  },
  onlyHere: (byDefault) => `Nur für diesen Upload; Standard ist „${byDefault}“.`,

  existsHint: {
    ask: "Windlass fragt jeweils, was geschehen soll.",
    replace: "Das vorhandene Objekt wird überschrieben.",
    keepBoth: "Das neue Objekt bekommt eine Nummer im Namen.",
    skip: "Die Datei wird nicht hochgeladen.",
    skipSame: "Gleich heißt: von gleicher Größe. Andere Objekte werden ersetzt.",
  },

  unreadable: (n) =>
    n === 1 ? "1 Datei lässt sich nicht lesen" : `${files(n)} lassen sich nicht lesen`,
  leftOut: (n) => `${files(n)} übersprungen`,
  andMore: (n) => `und ${counted(n, { one: "weitere", other: "weitere" })}`,
  why: {
    clutter: "Systemdatei",
    hidden: "Versteckte Datei",
    symlink: "Symbolischer Link",
    circle: "Link auf einen übergeordneten Ordner",
    special: "Keine gewöhnliche Datei",
  },
  renamed: (n) => `${files(n)} mit demselben Namen wie eine andere`,
  goesAs: (key) => `wird hochgeladen als ${key}`,
  composed: (n) =>
    `${counted(n, { one: "Name", other: "Namen" })} mit zerlegten Akzenten, wie unter macOS: in den Keys nach NFC normalisiert, damit andere Systeme sie finden.`,

  lacking: {
    counted: "Wird gezählt",
    files: "Es gibt nichts hochzuladen.",
    connection: "Eine Verbindung wählen.",
    bucket: "Einen Bucket wählen.",
  },
  start: "Upload starten",
  starting: "Startet ...",
  whenCounted: "Startet nach dem Zählen",

  options: "Optionen",
  storageClass: "Speicherklasse",
  bucketsDefault: "Standard des Buckets",
  classes: {
    STANDARD: "Standard",
    INTELLIGENT_TIERING: "Automatische Abstufung",
    STANDARD_IA: "Seltener Zugriff",
    ONEZONE_IA: "Seltener Zugriff, eine Zone",
    GLACIER_IR: "Glacier, sofortiger Abruf",
    GLACIER: "Glacier, flexibler Abruf",
    DEEP_ARCHIVE: "Glacier, Tiefenarchiv",
  },
  encryption: "Verschlüsselung",
  sseS3: "Vom Server verwalteter Schlüssel (SSE-S3)",
  sseKms: "KMS-Schlüssel (SSE-KMS)",
  kmsKey: "KMS-Schlüssel",
  kmsKeyNone: "ID oder ARN; leer: Standard des Kontos",
  contentType: "Inhaltstyp",
  contentTypeNone: "nach der Dateiendung",
  tags: "Tags",
  tag: {
    name: "Name des Tags",
    value: "Wert des Tags",
    add: "Tag hinzufügen",
    remove: "Dieses Tag entfernen",
  },
  metadata: "Metadaten",
  entry: {
    name: "Name des Eintrags",
    value: "Wert des Eintrags",
    add: "Eintrag hinzufügen",
    remove: "Diesen Eintrag entfernen",
  },
  pair: { name: "Name", value: "Wert" },
};

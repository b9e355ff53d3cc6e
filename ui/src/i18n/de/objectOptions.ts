// How objects are stored, in German.
import { counted } from "../counted";
import type { objectOptions as en } from "../en/objectOptions";

export const objectOptions: typeof en = {
  title: "Speicheroptionen",
  usual: "Standard des Buckets",
  tags: (n) => counted(n, { one: "Tag", other: "Tags" }),
  entries: (n) => counted(n, { one: "Metadaten-Eintrag", other: "Metadaten-Einträge" }),
  sseC: "Mit einem eigenen Schlüssel (SSE-C)",
  customerKey: "Eigener Schlüssel",
  chooseKey: "Schlüssel wählen",
  addKey: "Schlüssel hinzufügen ...",
  cacheControl: "Cache-Control",
  none: "keine Angabe",
  disposition: "Auslieferung",
  dispositionNone: "keine; attachment lässt Browser herunterladen",
  acl: "Zugriff",
  aclHint: "In den meisten Buckets sind ACLs abgeschaltet und werden dann abgelehnt.",
  acls: {
    private: "Privat",
    "public-read": "Alle dürfen lesen",
    "authenticated-read": "Alle AWS-Konten dürfen lesen",
    "bucket-owner-read": "Wem der Bucket gehört, darf lesen",
    "bucket-owner-full-control": "Wem der Bucket gehört, darf alles",
  },
  lock: "Objektsperre",
  lockNone: "Standard des Buckets",
  governance: "Verwaltung (Governance)",
  compliance: "Nachweis (Compliance)",
  lockFor: "Gesperrt für",
  days: "Tage",
  governanceHint: "Bis dahin löscht oder ersetzt es nur, wer die besondere Erlaubnis hat.",
  complianceHint: "Bis dahin kann niemand es löschen oder ersetzen, auch nicht der Kontoinhaber.",
  legalHold: "Rechtliche Sperre, bis sie aufgehoben wird",
  key: {
    title: "Ein eigener Schlüssel",
    text: "Der Server verschlüsselt damit und vergisst ihn. Wer das Objekt lesen will, braucht genau diesen Schlüssel.",
    name: "Bezeichnung",
    key: "Schlüssel",
    keyHint: "32 Byte: 44 Zeichen in Base64 oder 64 hexadezimale Ziffern.",
    make: "Neuen erzeugen",
    copy: "Schlüssel kopieren",
    warning:
      "Diesen Schlüssel sicher aufbewahren. Ohne ihn kann niemand lesen, was damit gespeichert ist, auch der Server nicht. Windlass zeigt ihn nicht noch einmal.",
    kept: "Er ist gesichert",
    remember: "Im Schlüsselbund merken",
    add: "Diesen Schlüssel verwenden",
  },
  hidden: "Auch versteckte Dateien",
  links: "Symbolischen Links folgen",
  linksHint: "Hochgeladen wird, wohin sie führen; sonst bleiben sie aus.",
  which: "Welche Dateien",
  folders: "Ordner",
  skipSame: "Nur Geänderte",
  goesTo: (uri, files) =>
    files === 1 ? `Wird gespeichert als ${uri}` : `Die erste wird gespeichert als ${uri}`,
  beside: (n) =>
    n === 1
      ? "1 Datei hätte denselben Key wie eine andere und bekommt deshalb einen anderen."
      : `${counted(n, { one: "Datei", other: "Dateien" })} hätten denselben Key wie andere und bekommen deshalb einen anderen.`,
  pattern:
    "{folder} und {name} bilden den Key jeder Datei; {date}, {year}, {month}, {day} und {time} werden beim Start eingesetzt.",
};

// Importing connections from other programs, in German.
import { counted } from "../counted";
import type { importing as en } from "../en/importing";

const connections = (n: number) => counted(n, { one: "Verbindung", other: "Verbindungen" });

export const importing: typeof en = {
  open: "Verbindungen importieren ...",
  short: "Importieren ...",
  title: "Verbindungen importieren",
  text: "Windlass sucht in den Einstellungen von rclone, Cyberduck, s3cmd und mc. Geheime Schlüssel werden in den Schlüsselbund kopiert und nirgends sonst; die Dateien der anderen Programme bleiben, wie sie sind.",
  looking: "Verbindungen werden gesucht ...",
  none: "Auf diesem Computer wurde keine S3-Verbindung dieser Programme gefunden.",
  key: (id) => `Schlüssel ${id}`,
  profile: (name) => `AWS-Profil ${name}`,
  environment: "Schlüssel aus der Umgebung",
  unsigned: "anonym",
  secret: {
    inFile: "mit geheimem Schlüssel",
    notInFile: "geheimer Schlüssel nicht in der Datei: nach dem Import eingeben",
  },
  known: "schon importiert",
  leftOut: (names) => `Nicht importiert: ${names}`,
  session:
    "Es gibt keinen Schlüsselbund, daher werden geheime Schlüssel nur bis zum Beenden aufbewahrt.",
  not: (n) =>
    counted(n, {
      one: "Eintrag kann nicht importiert werden",
      other: "Einträge können nicht importiert werden",
    }),
  failed: (name, why) => `${name} wurde nicht importiert: ${why}`,
  run: (n) => (n === 0 ? "Importieren" : `${connections(n)} importieren`),
  running: "Wird importiert ...",
  whyNot: {
    encrypted:
      "Die Datei ist mit einem Passwort verschlüsselt; das Passwort in rclone config entfernen, importieren und dann wieder setzen",
    malformed: "Die Datei ist beschädigt oder hat nicht das erwartete Format",
    notUtf8: "Die Datei ist kein Text in UTF-8",
    tooLarge: (size) => `Die Datei ist zu groß für eine Konfiguration (${size})`,
    notAFile: "Das ist keine gewöhnliche Datei",
    unreadable: (cause) => `Die Datei lässt sich nicht lesen: ${cause}`,
    notS3: (kind) => `Kein S3 (${kind})`,
    noEndpoint: "Der Endpunkt fehlt",
    badEndpoint: "Der Endpunkt ist keine gültige Adresse",
    noKeys: "Ohne Access Key",
    signatureV2: "Signiert mit Signatur Version 2, die Windlass nicht unterstützt",
  },
};

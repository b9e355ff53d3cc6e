// The dialog that chooses a bucket and a folder, and what the names of buckets may be, in German.
import { counted } from "../counted";
import type { browsing as en } from "../en/browsing";

export const browsing: typeof en = {
  browse: "Durchsuchen ...",
  title: "Ziel wählen",
  location: "Ort",
  buckets: "Buckets",
  folders: "Ordner",
  filterBuckets: "Filtern oder Namen eines Buckets eingeben",
  filterFolders: "Filtern",
  loading: "Wird geladen ...",
  noBuckets: "Noch kein Bucket vorhanden.",
  noFolders: "Hier gibt es keine Ordner.",
  noMatch: "Nichts passt zum Filter.",
  mayNotListBuckets:
    "Diese Schlüssel dürfen Buckets nicht auflisten. Oben den Namen des Buckets eingeben, dann die Eingabetaste drücken.",
  mayNotList:
    "Diese Schlüssel dürfen nicht auflisten, was hier liegt. Hochladen dürfen sie vielleicht trotzdem: dieses Ziel wählen oder einen Ordner mit Namen hinzufügen.",
  open: (name) => `„${name}“ öffnen`,
  more: "Mehr anzeigen",
  fresh: "neu",
  count: (folders, objects) =>
    `${counted(folders, { one: "Ordner", other: "Ordner" })}, ${counted(objects, { one: "Objekt", other: "Objekte" })}`,
  countMore: (folders, objects) =>
    `Die ersten ${counted(folders, { one: "Ordner", other: "Ordner" })} und ${counted(objects, { one: "Objekt", other: "Objekte" })}`,
  countBuckets: (n) => counted(n, { one: "Bucket", other: "Buckets" }),
  again: "Erneut versuchen",

  newFolder: "Neuer Ordner",
  newBucket: "Bucket anlegen",
  folderName: "Name des neuen Ordners",
  bucketName: "Name des neuen Buckets",
  add: "Hinzufügen",
  create: "Anlegen",
  creating: "Wird angelegt ...",
  openIt: "Öffnen",
  yours: (name) => `Der Bucket „${name}“ ist schon vorhanden und gehört zu diesen Schlüsseln.`,
  choose: "Wählen",

  wrongName: {
    tooShort: "Der Name eines Buckets hat mindestens 3 Zeichen",
    tooLong: (characters) => `Der Name eines Buckets hat höchstens 63 Zeichen, nicht ${characters}`,
    uppercase: "Der Name eines Buckets darf keine Großbuchstaben enthalten",
    character: (character) =>
      `Der Name eines Buckets darf nur die Buchstaben a bis z, Ziffern, Punkte und Bindestriche enthalten, nicht „${character}“`,
    begins: "Der Name eines Buckets beginnt mit einem Buchstaben oder einer Ziffer",
    ends: "Der Name eines Buckets endet mit einem Buchstaben oder einer Ziffer",
    twoDots: "Der Name eines Buckets darf keine zwei Punkte hintereinander enthalten",
    ipAddress: "Der Name eines Buckets darf nicht wie eine IP-Adresse aussehen",
    reservedPrefix: (prefix) => `Namen, die mit „${prefix}“ beginnen, sind Amazon S3 vorbehalten`,
    reservedSuffix: (suffix) => `Namen, die auf „${suffix}“ enden, sind Amazon S3 vorbehalten`,
  },
};

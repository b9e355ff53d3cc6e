// What went wrong, in the engine's own reasons, in German.
import { counted } from "../counted";
import type { faultReason as en } from "../en/faultReason";

export const faultReason: typeof en = {
  fileGone: (path) => `Unter diesem Pfad gibt es keine Datei: ${path}`,
  fileForbidden: (path) => `Die Berechtigung fehlt, diese Datei zu lesen: ${path}`,
  fileUnreadable: (path, cause) => `Diese Datei lässt sich nicht lesen (${cause}): ${path}`,
  readingFailed: (cause) => `Das Lesen der Datei ist fehlgeschlagen: ${cause}`,
  isFolder: (path) => `Das ist ein Ordner: ${path}`,
  noFile: (path) => `Das ist keine gewöhnliche Datei: ${path}`,
  diskSilent: (time, path) =>
    `Das Laufwerk antwortet seit ${time} nicht; es oder den Weg dorthin prüfen und erneut versuchen: ${path}`,
  wrongSize: (size, read) =>
    `Die Größe der Datei ist mit ${size} angegeben, aber nur ${read} davon lassen sich lesen; eine Kopie von ihr hochladen`,
  wrongSizeMore: (size) =>
    `Die Größe der Datei ist mit ${size} angegeben, aber es lässt sich mehr lesen; eine Kopie von ihr hochladen`,
  changedWhileSent: "Die Datei wurde geändert, während sie gesendet wurde",
  keepsChanging: {
    for: (time) => `Sie kam ${time} lang nicht zur Ruhe`,
    times: (n) =>
      `Sie hat sich seit dem Beginn ${counted(n, { one: "Mal", other: "Mal" })} geändert`,
    whileCopied: "Sie änderte sich sogar, während sie kopiert wurde",
    noCopy: (cause) => `Sie lässt sich nicht kopieren: ${cause}`,
  },

  noKey: "Ein Objekt braucht einen Namen: Der Key ist leer",
  keyTooLong: (size, most) =>
    `Der Key ist ${size} lang, S3 nimmt höchstens ${most}; das Präfix oder den Dateinamen kürzen`,
  keyTooLongOf: (file, size, most) =>
    `Der Key von ${file} ist ${size} lang, S3 nimmt höchstens ${most}; das Präfix oder den Dateinamen kürzen`,
  notUtf8: "Keys sind in S3 UTF-8, dieser Name ist es nicht; zum Hochladen die Datei umbenennen",
  keyTaken: (bucket, key, size) => `${bucket} hat schon ein Objekt namens ${key} (${size})`,
  keyTakenMeanwhile: (bucket, key) =>
    `Beim Senden ist in ${bucket} ein Objekt namens ${key} entstanden; davon wurde nichts überschrieben`,
  keyTakenUnseen: (bucket, key) =>
    `${bucket} hat schon ein Objekt namens ${key}, das diese Schlüssel nicht ansehen dürfen; davon wurde nichts überschrieben`,
  mayNotLook: (bucket, key) =>
    `Ob ${bucket} schon ein Objekt namens ${key} hat, dürfen diese Schlüssel nicht sehen (s3:ListBucket fehlt), und von diesem Server ist nicht bekannt, dass er das Überschreiben ablehnt`,
  tooLarge: (size, most) => `${size} sind mehr, als S3 in einem Objekt speichert (${most})`,
  tooLargeHere: (size, most) =>
    `${size} sind mehr, als dieser Server in einem Objekt speichert (${most})`,
  partSize: (size, least, most) =>
    `Ein Teil von ${size} liegt außerhalb der Grenzen von S3 (${least} bis ${most})`,
  partSizeHere: (size, most) => `Ein Teil von ${size} ist mehr, als dieser Server nimmt (${most})`,
  tooManyParts: (size, partSize, most, fits) =>
    `${size} in Teilen zu ${partSize} sind mehr als die ${most} Teile, die S3 zulässt; die kleinste passende Teilgröße ist ${fits}`,

  noAnswer: (place) => `Keine rechtzeitige Antwort von ${place}`,
  silent: (place, time) => `Zu ${place} hat sich ${time} lang nichts bewegt`,
  unreachable: (place, cause) => `${place} ist nicht erreichbar: ${cause}`,
  says: (place, text) => `${place} meldet: ${text}`,
  gateway: (place, status) => `HTTP ${status} von etwas zwischen hier und ${place}`,
  endlessList: (place) =>
    `${place} antwortet mit einer Liste ohne Ende; was dort gespeichert ist, lässt sich nicht feststellen`,
  tooLargeForIt: (place) =>
    `${place} oder etwas zwischen hier und dort nimmt keine Anfrage dieser Größe an (HTTP 413)`,
  storeFull: (place) => `${place} hat keinen Platz mehr`,
  storeFullSays: (place, text) => `${place} hat keinen Platz mehr: ${text}`,
  noSuchHost: (host, cause) => `Der Name ${host} lässt sich nicht auflösen: ${cause}`,
  unknownIssuer: (place) =>
    `Das Zertifikat von ${place} ist von niemandem unterschrieben, dem dieser Computer vertraut`,
  badCertificate: (place, cause) => `Dem Zertifikat von ${place} ist nicht zu trauen: ${cause}`,
  cutShort: (place) => `Die Antwort von ${place} brach ab`,
  slowDown: (place) => `${place} bittet um Geduld`,
  serverFailed: (place, status) => `Fehler bei ${place} (HTTP ${status})`,
  refused: (place, status) => `${place} hat abgelehnt (HTTP ${status})`,
  notS3: (place, answer) =>
    `Es antwortet kein S3-Server (${answer}); vielleicht verlangt das Netzwerk eine Anmeldung, oder ${place} ist nicht die Adresse des Endpunkts`,
  without: (missing) => `ohne ${missing}`,
  badRequest: (cause) => `Die Anfrage ließ sich nicht stellen: ${cause}`,
  clock: {
    ahead: (place, time) => `Die Uhr dieses Computers geht gegenüber ${place} um ${time} vor`,
    behind: (place, time) => `Die Uhr dieses Computers geht gegenüber ${place} um ${time} nach`,
  },
  clockAgrees: (place) =>
    `${place} meldet, die Uhr dieses Computers gehe falsch, und nach seinem eigenen Datum geht sie richtig`,
  noSuchBucket: (bucket) => `Hier gibt es keinen Bucket namens „${bucket}“`,
  wrongRegion: (region) => `Der Bucket liegt in der Region ${region}`,
  noAddress: (endpoint) =>
    `„${endpoint}“ ist keine Adresse eines Endpunkts; sie sieht aus wie https://s3.example.com`,
  certificates: (path, cause) => `Die Zertifikate in ${path} sind nicht verwendbar: ${cause}`,
  noCertificate: (path) => `${path} enthält kein Zertifikat im PEM-Format`,
  noMultipart: "Der Server nimmt Multipart-Uploads in keiner hier bekannten Form an",
  mayNotAbort:
    "Diese Schlüssel dürfen Uploads nicht abbrechen (s3:AbortMultipartUpload), deshalb wurde keiner zur Probe begonnen: Er wäre auf dem Server geblieben",
  leftByTrying: (uri) =>
    `Was zur Probe angelegt wurde, ließ sich nicht wieder entfernen: ${uri} ist noch da, als Objekt oder als unvollständiger Upload; bitte mit Schlüsseln entfernen, die das dürfen`,

  noName: "Der Verbindung fehlt ein Name",
  noAccessKeyId: "Die Access Key ID fehlt",
  noSecret: "Der Secret Access Key fehlt",
  secretNotHere: (connection) =>
    `Der geheime Schlüssel von „${connection}“ ist nicht hier; neu anmelden`,
  connectionRemoved:
    "Die Verbindung dieses Uploads wurde entfernt; sie wieder hinzufügen oder den Upload abbrechen",
  noBucket: "Zuerst einen Bucket wählen",
  noUsualBucket: "Der Verbindung fehlt ein üblicher Bucket: Dort wird der Server gefragt",
  noKeys:
    "Für diese Verbindung wurden keine Schlüssel gefunden, weder in der Umgebung noch im Profil",
  noProfile: (profile) => `In der AWS-Konfiguration gibt es kein Profil namens „${profile}“`,
  keysSilent: "Die Stelle, die die Schlüssel ausgibt, hat nicht geantwortet",
  keysNotGiven: (cause) => `Die Schlüssel waren nicht zu bekommen: ${cause}`,
  awsConfiguration: (cause) => `Die AWS-Konfiguration ist nicht verwendbar: ${cause}`,
  keychain: {
    none: "Auf diesem Computer antwortet kein Schlüsselbund",
    locked: "Der Schlüsselbund ist gesperrt oder leer",
    tooLong: "Der geheime Schlüssel ist länger, als dieser Schlüsselbund zulässt",
    refused: "Der Schlüsselbund hat abgelehnt",
    silent: "Der Schlüsselbund hat nicht geantwortet",
  },

  otherBytes: "Der Server hat andere Bytes gespeichert, als gesendet wurden",
  otherObject: "Das fertige Objekt ist nicht, was gesendet wurde: Die Prüfsummen weichen ab",
  otherSize: (object, file) => `Das fertige Objekt hat ${object}, die Datei ${file}`,
  noObject: "Der Server hat den Upload abgeschlossen und hat doch kein solches Objekt",
  uploadGone: "Der unvollständige Upload war auf dem Server immer wieder verschwunden",
  answeredEarly: "Der Server hat geantwortet, bevor er alle Bytes hatte",

  heldAlready: "Ein Upload der Liste macht mit diesem unvollständigen Upload schon weiter",
  heldElsewhere: (folder) =>
    `Ein anderer Lauf von Windlass auf diesem Rechner macht mit diesem unvollständigen Upload weiter: Seine Liste liegt in ${folder}`,
  unfinishedGone:
    "Diesen unvollständigen Upload gibt es auf dem Server nicht mehr: Er wurde inzwischen abgeschlossen oder verworfen",
  unevenParts:
    "Seine gespeicherten Teile sind verschieden groß, und Windlass macht nur weiter, wo alle bis auf den letzten gleich groß sind: Das Programm, das ihn begann, kann ihn abschließen, oder er wird verworfen",
  fileTooShort: (size, reaches) =>
    `Seine gespeicherten Teile reichen bis ${reaches}, diese Datei hat nur ${size}: Es ist nicht die Datei, die gesendet wurde`,
  nothingToSend: "Die Datei ist leer: Es gibt nichts, womit es weiterginge",
  otherSums: (algorithm) =>
    `Er wurde mit ${algorithm}-Prüfsummen begonnen, die Windlass nicht bildet: Nur das Programm, das ihn begann, kann ihn abschließen`,
  otherFile: (n) =>
    `Von ${counted(n, { one: "gespeicherten Teil", other: "gespeicherten Teilen" })} stehen zu wenige in dieser Datei (Nullen zählen nicht): Es ist eine andere. Nichts wurde gesendet, auf dem Server ist alles, wie es war`,
  notComparable:
    "Der Server nennt nichts, woran sich seine gespeicherten Teile mit der Datei vergleichen ließen; nichts wurde gesendet",
  stillSent: "Es kommen weiter Teile an: Jemand sendet ihn noch",
  wrongDays: "Eine Regel nimmt ganze Tage, ab 1",
  rulesUnread:
    "Die Lifecycle-Regeln des Buckets haben eine Form, die Windlass nicht unverändert erhalten könnte; nichts wurde geschrieben",
  rulesNotKept:
    "Der Server hat die anderen Lifecycle-Regeln des Buckets nicht gelassen, wie sie waren; sie wurden wiederhergestellt",

  diskFull: "Der Datenträger mit der Liste der Uploads ist voll",
  journalReadOnly:
    "Die Liste der Uploads lässt sich nicht schreiben: Der Ordner ist schreibgeschützt",
  journalNotOpen: "Die Liste der Uploads lässt sich nicht öffnen: Ist der Ordner beschreibbar?",
  journalDamaged:
    "Die Liste der Uploads ist beschädigt; nach einem Neustart rettet Windlass, was zu retten ist",
  notWritten: (path, cause) => `${path} lässt sich nicht schreiben: ${cause}`,
};

// What went wrong, in the engine's own reasons, in German.
import { counted } from "../counted";
import type { faultReason as en } from "../en/faultReason";

export const faultReason: typeof en = {
  fileGone: (path) => `Datei nicht gefunden: ${path}`,
  fileForbidden: (path) => `Keine Berechtigung, diese Datei zu lesen: ${path}`,
  fileInUse: (path) =>
    `Ein anderes Programm hat diese Datei geöffnet und gibt sie nicht frei: ${path}`,
  fileUnreadable: (path, cause) => `Diese Datei lässt sich nicht lesen (${cause}): ${path}`,
  readingFailed: (cause) => `Das Lesen der Datei ist fehlgeschlagen: ${cause}`,
  isFolder: (path) => `Das ist ein Ordner, keine Datei: ${path}`,
  noFile: (path) => `Keine reguläre Datei: ${path}`,
  diskSilent: (time, path) =>
    `Das Laufwerk antwortet seit ${time} nicht; das Laufwerk oder die Verbindung dorthin prüfen und erneut versuchen: ${path}`,
  wrongSize: (size, read) =>
    `Das Dateisystem meldet eine Größe von ${size}, lesbar sind aber nur ${read}; eine Kopie der Datei hochladen`,
  wrongSizeMore: (size) =>
    `Das Dateisystem meldet eine Größe von ${size}, lesbar ist aber mehr; eine Kopie der Datei hochladen`,
  changedWhileSent: "Die Datei hat sich während des Hochladens geändert",
  keepsChanging: {
    for: (time) => `Die Datei hat sich ${time} lang ständig geändert`,
    times: (n) =>
      `Die Datei hat sich während des Uploads ${counted(n, { one: "Mal", other: "Mal" })} geändert`,
    whileCopied: "Die Datei hat sich sogar während des Kopierens geändert",
    noCopy: (cause) => `Die Datei lässt sich nicht kopieren: ${cause}`,
  },

  noKey: "Der Key des Objekts ist leer",
  keyTooLong: (size, most) =>
    `Der Key ist ${size} lang, S3 erlaubt höchstens ${most}; das Präfix oder den Dateinamen kürzen`,
  keyTooLongOf: (file, size, most) =>
    `Der Key von ${file} ist ${size} lang, S3 erlaubt höchstens ${most}; das Präfix oder den Dateinamen kürzen`,
  notUtf8:
    "Der Dateiname ist kein gültiges UTF-8, wie es S3-Keys sein müssen; zum Hochladen die Datei umbenennen",
  keyTaken: (bucket, key, size) => `${bucket} enthält schon ein Objekt namens ${key} (${size})`,
  keyTakenMeanwhile: (bucket, key) =>
    `Während des Uploads ist in ${bucket} ein Objekt namens ${key} entstanden; es wurde nicht überschrieben`,
  keyTakenUnseen: (bucket, key) =>
    `${bucket} enthält schon ein Objekt namens ${key}, das diese Schlüssel nicht lesen dürfen; es wurde nicht überschrieben`,
  mayNotLook: (bucket, key) =>
    `Diese Schlüssel können nicht prüfen, ob ${bucket} schon ein Objekt namens ${key} enthält (s3:ListBucket fehlt), und von diesem Server ist nicht bekannt, dass er das Überschreiben ablehnt`,
  tooLarge: (size, most) => `${size} überschreiten die maximale Objektgröße von S3 (${most})`,
  tooLargeHere: (size, most) =>
    `${size} überschreiten die maximale Objektgröße dieses Servers (${most})`,
  partSize: (size, least, most) =>
    `Eine Teilgröße von ${size} liegt außerhalb der Grenzen von S3 (${least} bis ${most})`,
  partSizeHere: (size, most) =>
    `Eine Teilgröße von ${size} überschreitet das Maximum dieses Servers (${most})`,
  tooManyParts: (size, partSize, most, fits) =>
    `${size} in Teilen zu ${partSize} ergeben mehr als die ${most} Teile, die S3 erlaubt; die kleinste passende Teilgröße ist ${fits}`,

  noAnswer: (place) => `${place} hat nicht rechtzeitig geantwortet`,
  silent: (place, time) => `Zu ${place} wurden ${time} lang keine Daten übertragen`,
  unreachable: (place, cause) => `${place} ist nicht erreichbar: ${cause}`,
  says: (place, text) => `${place} meldet: ${text}`,
  gateway: (place, status) =>
    `Ein Proxy oder Gateway vor ${place} hat mit HTTP ${status} geantwortet`,
  endlessList: (place) =>
    `${place} liefert eine endlose Liste; der Inhalt lässt sich nicht feststellen`,
  tooLargeForIt: (place) =>
    `${place} oder ein Proxy davor lehnt Anfragen dieser Größe ab (HTTP 413)`,
  storeFull: (place) => `${place} hat keinen Speicherplatz mehr`,
  storeFullSays: (place, text) => `${place} hat keinen Speicherplatz mehr: ${text}`,
  noSuchHost: (host, cause) => `Der Hostname ${host} lässt sich nicht auflösen: ${cause}`,
  unknownIssuer: (place) =>
    `Das Zertifikat von ${place} stammt von keiner Zertifizierungsstelle, der dieser Computer vertraut`,
  badCertificate: (place, cause) => `Das Zertifikat von ${place} ist ungültig: ${cause}`,
  notAProxy: (variable) =>
    `${variable === null ? "Die Adresse des Proxys" : `Die Umgebungsvariable ${variable}`} ist nicht gültig; ein Proxy sieht aus wie http://proxy.example.com:3128 und beginnt mit http, https, socks5 oder socks5h`,
  proxyDown: (proxy, cause) =>
    `Der Proxy ${proxy} ist nicht erreichbar: ${cause}; prüfen, ob die Adresse stimmt und dieses Netzwerk ihn braucht`,
  proxyNotThrough: (proxy, place, cause) =>
    `Der Proxy ${proxy} konnte ${place} nicht erreichen: ${cause}`,
  proxyRefused: (proxy, place, status) =>
    `Der Proxy ${proxy} lehnt Verbindungen zu ${place} ab${status === null ? "" : ` (HTTP ${status})`}; diesen Server von der Administration freigeben lassen oder ohne den Proxy ansprechen`,
  proxyNeedsLogin: (proxy) =>
    `Der Proxy ${proxy} verlangt Benutzername und Passwort; beides bei der Adresse des Proxys eingeben`,
  proxyLoginRejected: (proxy) =>
    `Der Proxy ${proxy} akzeptiert Benutzername oder Passwort nicht; beides prüfen und erneut eingeben`,
  cutShort: (place) => `Die Antwort von ${place} ist unvollständig`,
  slowDown: (place) => `${place} drosselt Anfragen`,
  serverFailed: (place, status) => `${place} meldet einen Serverfehler (HTTP ${status})`,
  refused: (place, status) => `${place} hat die Anfrage abgelehnt (HTTP ${status})`,
  notS3: (place, answer) =>
    `Die Antwort kam nicht von einem S3-Server${answer === null ? "" : ` (${answer})`}; vielleicht verlangt das Netzwerk eine Anmeldung, oder ${place} ist nicht die Adresse des Endpunkts`,
  without: (missing) => `ohne ${missing}`,
  badRequest: (cause) => `Die Anfrage ließ sich nicht erstellen: ${cause}`,
  clock: {
    ahead: (place, time) =>
      `Die Uhr dieses Computers geht gegenüber dem Server um ${time} vor (${place})`,
    behind: (place, time) =>
      `Die Uhr dieses Computers geht gegenüber dem Server um ${time} nach (${place})`,
  },
  clockAgrees: (place) =>
    `${place} meldet, die Uhr dieses Computers gehe falsch, obwohl sie mit dem Date-Header des Servers übereinstimmt`,
  noSuchBucket: (bucket) => `Den Bucket „${bucket}“ gibt es nicht`,
  bucketTaken: (bucket) =>
    `Der Name „${bucket}“ gehört schon zu einem fremden Bucket; einen anderen Namen wählen`,
  wrongRegion: (region) => `Der Bucket liegt in der Region ${region}`,
  noAddress: (endpoint) =>
    `„${endpoint}“ ist kein gültiger Endpunkt; ein Endpunkt sieht aus wie https://s3.example.com`,
  amazonOnly: (endpoint) =>
    `Dual-Stack, FIPS und Transfer Acceleration gibt es nur bei Amazons eigenen Endpunkten; ausschalten oder den Endpunkt ${endpoint} entfernen`,
  accelerateAlone:
    "Transfer Acceleration verträgt sich nicht mit FIPS oder der Pfadform; eines davon ausschalten",
  certificates: (path, cause) => `Die Zertifikate in ${path} sind nicht verwendbar: ${cause}`,
  noCertificate: (path) => `${path} enthält kein Zertifikat im PEM-Format`,
  noMultipart:
    "Der Server unterstützt Multipart-Uploads in keiner Form, die Windlass verwenden kann",
  mayNotAbort:
    "Diese Schlüssel dürfen Uploads nicht abbrechen (s3:AbortMultipartUpload), deshalb wurde der Server nicht geprüft: Ein Test-Upload wäre dort zurückgeblieben",
  leftByTrying: (uri) =>
    `Die Prüfung konnte nicht hinter sich aufräumen: ${uri} ist als Objekt oder unvollständiger Multipart-Upload zurückgeblieben; mit Schlüsseln löschen, die das dürfen`,

  noName: "Einen Namen für die Verbindung eingeben",
  noAccessKeyId: "Die Access Key ID fehlt",
  noSecret: "Der Secret Access Key fehlt",
  secretNotHere: (connection) =>
    `Der geheime Schlüssel von „${connection}“ ist nicht verfügbar; neu anmelden`,
  connectionRemoved:
    "Die Verbindung dieses Uploads wurde entfernt; sie wieder hinzufügen oder den Upload abbrechen",
  noBucket: "Zuerst einen Bucket wählen",
  noUsualBucket:
    "Der Verbindung fehlt ein Standard-Bucket, mit dem der Server geprüft wird; bitte einen wählen",
  noKeys:
    "Für diese Verbindung wurden keine Schlüssel gefunden, weder in der Umgebung noch im Profil",
  profileNameNotRead: (profile) =>
    `Das AWS SDK liest kein Profil namens „${profile}“: ihm einen Namen aus Buchstaben von A bis Z, Ziffern und _-/.%@:+ geben`,
  noProfile: (profile) => `In der AWS-Konfiguration gibt es kein Profil namens „${profile}“`,
  keysSilent: "Der Anbieter der Zugangsdaten hat nicht geantwortet",
  keysNotGiven: (cause) => `Die Schlüssel ließen sich nicht abrufen: ${cause}`,
  awsConfiguration: (cause) => `Die AWS-Konfiguration ist nicht verwendbar: ${cause}`,
  signInNeeded: (startUrl) => `Keine Anmeldung bei ${startUrl}, oder die Anmeldung ist abgelaufen`,
  loginNeeded: (profile) =>
    `Die Sitzung des Profils „${profile}“ ist abgelaufen; anmelden mit: aws login --profile ${profile}`,
  mfaCodeNeeded: (device) => `Ein MFA-Code von ${device} wird benötigt`,
  noMfaCode: "Ein MFA-Code hat sechs Ziffern",
  noMfaDevice: "Diese Verbindung braucht keinen MFA-Code",
  noStartUrl: (startUrl) =>
    `„${startUrl}“ ist keine Start-URL; sie sieht aus wie https://example.awsapps.com/start`,
  noSsoRegion: "Die Region von IAM Identity Center fehlt",
  noIdentityCenter: (profile) =>
    `Das Profil „${profile}“ verwendet IAM Identity Center nicht: Es hat weder sso_session noch sso_start_url`,
  signInDenied: "Die Anmeldung wurde im Browser abgelehnt",
  signInTimedOut: "Die Anmeldung wurde im Browser nicht rechtzeitig abgeschlossen",
  notTheService: (host) =>
    `Statt ${host} hat etwas anderes geantwortet; vielleicht verlangt das Netz eine eigene Anmeldung, oder ein Proxy ist im Weg`,
  signInFailed: (startUrl, cause) => `Die Anmeldung bei ${startUrl} ist fehlgeschlagen: ${cause}`,
  notAssumed: (roleArn, cause) => `Die Rolle ${roleArn} ließ sich nicht annehmen: ${cause}`,
  noSession: (cause) => `AWS STS hat keine Sitzung begonnen: ${cause}`,
  keychain: {
    none: "Auf diesem Computer ist kein Schlüsselbund verfügbar",
    locked: "Der Schlüsselbund ist gesperrt, oder es gibt keinen",
    tooLong: "Der geheime Schlüssel ist zu lang für diesen Schlüsselbund",
    refused: "Der Schlüsselbund hat den Zugriff verweigert",
    silent: "Der Schlüsselbund hat nicht geantwortet",
  },

  otherBytes: "Der Server hat andere Bytes gespeichert, als gesendet wurden",
  otherObject:
    "Das fertige Objekt stimmt nicht mit dem Gesendeten überein: Die Prüfsummen weichen ab",
  otherSize: (object, file) => `Das fertige Objekt hat ${object}, die Datei aber ${file}`,
  noObject: "Der Server hat den Upload abgeschlossen, aber das Objekt ist nicht vorhanden",
  uploadGone: "Der Multipart-Upload ist auf dem Server immer wieder verschwunden",
  answeredEarly: "Der Server hat geantwortet, bevor er alle Bytes empfangen hatte",

  heldAlready: "Ein Upload in der Liste verwendet diesen unvollständigen Multipart-Upload schon",
  heldElsewhere: (folder) =>
    `Eine andere Instanz von Windlass auf diesem Computer verwendet diesen unvollständigen Multipart-Upload schon; ihre Liste liegt in ${folder}`,
  unfinishedGone:
    "Diesen unvollständigen Multipart-Upload gibt es auf dem Server nicht mehr; er wurde inzwischen abgeschlossen oder abgebrochen",
  unevenParts:
    "Seine gespeicherten Teile sind verschieden groß, und Windlass kann einen Upload nur fortsetzen, wenn alle Teile bis auf den letzten gleich groß sind; ihn mit dem Programm abschließen, das ihn angelegt hat, oder verwerfen",
  fileTooShort: (size, reaches) =>
    `Seine gespeicherten Teile reichen bis Byte ${reaches}, diese Datei hat aber nur ${size}: Es ist nicht die Datei, die hochgeladen wurde`,
  nothingToSend: "Die Datei ist leer, es gibt also nichts fortzusetzen",
  otherSums: (algorithm) =>
    `Er wurde mit ${algorithm}-Prüfsummen angelegt, die Windlass nicht unterstützt; nur das Programm, das ihn angelegt hat, kann ihn abschließen`,
  otherFile: (n) =>
    `Von ${counted(n, { one: "gespeicherten Teil", other: "gespeicherten Teilen" })} stimmen zu wenige mit dieser Datei überein (Teile aus Nullen zählen nicht), es ist also eine andere; nichts wurde gesendet, und auf dem Server blieb alles unverändert`,
  notComparable:
    "Der Server meldet nichts über seine gespeicherten Teile, was sich mit der Datei vergleichen ließe; nichts wurde gesendet",
  stillSent: "Es kommen weiter Teile an: Ein anderes Programm lädt ihn noch hoch",
  wrongDays: "Eine Regel gilt für eine ganze Zahl von Tagen, mindestens 1",
  rulesUnread:
    "Die Lifecycle-Regeln des Buckets haben eine Form, die Windlass nicht erhalten könnte; nichts wurde geändert",
  rulesNotKept:
    "Der Server hat die anderen Lifecycle-Regeln des Buckets nicht unverändert gelassen; die vorherigen Regeln wurden wiederhergestellt",

  diskFull: "Der Datenträger mit der Liste der Uploads ist voll",
  journalReadOnly:
    "Die Liste der Uploads lässt sich nicht schreiben: Der Ordner ist schreibgeschützt",
  journalNotOpen:
    "Die Liste der Uploads lässt sich nicht öffnen; bitte prüfen, ob der Ordner beschreibbar ist",
  journalDamaged:
    "Die Liste der Uploads ist beschädigt; nach einem Neustart stellt Windlass wieder her, was sich lesen lässt",
  notWritten: (path, cause) => `${path} lässt sich nicht schreiben: ${cause}`,
};

// The connections, in German.
import { counted } from "../counted";
import type { connections as en } from "../en/connections";

export const connections: typeof en = {
  title: "Verbindungen",
  add: "Verbindung hinzufügen",
  addFirst: "Verbindung hinzufügen ...",
  none: "Noch keine Verbindung.",
  tryPractice: "Hier ausprobieren",
  staysHere: "Nur lokal",
  secretNeeded: "Schlüssel fehlt",
  leave: {
    title: "Verlassen, ohne zu speichern?",
    text: "Die Änderungen an dieser Verbindung sind noch nicht gespeichert.",
    yes: "Verlassen",
    no: "Weiter bearbeiten",
  },

  where: "Server",
  kind: "Anbieter",
  name: "Bezeichnung",
  account: "Konto-ID",
  endpoint: "Endpunkt",
  amazonsOwn: "Standard von Amazon S3",
  region: "Region",
  pathStyle: "Pfadform: host/bucket statt bucket.host",
  signIn: "Anmeldung",
  target: "Standardziel",
  bucket: "Bucket",
  folder: "Ordner",
  noFolder: "keiner",
  exists: "Falls vorhanden",
  existsDefault: (choice) => `Wie in den Einstellungen (${choice})`,
  ownCertificate: "Eigenes Zertifikat",
  certificates: "Zertifikate",
  certificatesHint:
    "Eine PEM-Datei für einen Server, dessen Zertifikat dieser Computer nicht vertraut.",
  noCertificates: "keine",
  amazonEndpoint: "Optionen",
  endpointOptions: {
    dualStack: "Dual-Stack-Endpunkt (IPv6 und IPv4)",
    fips: "FIPS-Endpunkt",
    accelerate: "Transfer Acceleration, wenn sie für den Bucket aktiviert ist",
  },
  proxy: {
    title: "Proxy",
    ways: { system: "System", direct: "Keiner", url: "Eigener" },
    hints: {
      system: "Der Proxy aus der Umgebung oder den Systemeinstellungen, falls es einen gibt.",
      direct: "Der Server wird direkt angesprochen.",
    },
    url: "Adresse",
    example: "http://proxy.beispiel.de:3128",
    urlHint: "Beginnt mit http, https, socks5 oder socks5h (der Proxy löst Namen auf).",
    login: "Der Proxy verlangt Benutzername und Passwort",
    user: "Benutzername",
    password: "Passwort",
    saved: "Gespeichert",
  },
  choose: "Auswählen ...",
  undecided: "Oben festlegen, wo der geheime Schlüssel aufbewahrt wird.",
  uses: (n) =>
    counted(n, { one: "Upload benutzt", other: "Uploads benutzen" }) + " diese Verbindung.",
  usesHere:
    "Nach dem Speichern geht es mit den neuen Angaben weiter; gespeicherte Teile bleiben erhalten.",
  usesElsewhere:
    "Führt der neue Endpunkt zu einem anderen Server, beginnt dort alles von vorn. Windlass versucht, die Teile auf dem alten zu löschen.",
  remove: "Entfernen ...",
  removing: {
    title: (name) => `${name} entfernen?`,
    text: "Der geheime Schlüssel wird aus dem Schlüsselbund gelöscht. Hochgeladene Objekte bleiben erhalten.",
    yes: "Entfernen",
    no: "Behalten",
  },
  discard: "Verwerfen",
  test: "Testen",
  testing: "Testet ...",
  save: "Speichern",
  saving: "Wird gespeichert ...",
  saved: "Gespeichert",

  names: { other: "Anderer Server" },
  notes: {
    aws: "Die Region muss die des Buckets sein.",
    r2: "Die Konto-ID steht auf der Übersichtsseite von R2.",
    b2: "Einen Application Key verwenden, nicht den Master Key.",
    minio: "Die Adresse des eigenen Servers.",
    ceph: "Die Adresse des Gateways.",
    garage: "Die Adresse seiner S3-API.",
    gcs: "Einen HMAC-Schlüssel aus dem Projekt des Buckets verwenden.",
    spaces: "Der Endpunkt der Region, ohne den Namen des Space.",
    other: "Jeder Server, der S3 spricht.",
  },

  sign: {
    with: "Anmelden mit",
    how: "Art der Anmeldung",
    ways: {
      keys: "Schlüsseln",
      profile: "Profil",
      identityCenter: "Identity Center",
      environment: "Umgebung",
      nothing: "Anonym",
    },
    accessKeyId: "Access Key ID",
    secretAccessKey: "Secret Access Key",
    sessionToken: "Session-Token",
    onlyTemporary: "nur bei befristeten Schlüsseln",
    savedInKeychain: "Im Schlüsselbund gespeichert",
    keptUntilQuit: "Bis zum Beenden aufbewahrt",
    remember: "Geheimen Schlüssel im Schlüsselbund aufbewahren",
    profile: "Profil",
    noProfiles:
      "In der AWS-Konfiguration dieses Benutzers (.aws/config) wurde kein Profil gefunden.",
    unreadableProfiles: (names) =>
      `Nicht aufgeführt, weil das AWS SDK nur Namen aus A bis Z, Ziffern und _-/.%@:+ liest: ${names}. In der AWS-Konfiguration umbenennen.`,
    fromProfiles: "Aus der AWS-Konfiguration dieses Benutzers, auch mit Single Sign-on.",
    notFound: (profile) => `${profile} (nicht gefunden)`,
    environment:
      "Mit dem, was die AWS-Werkzeuge hier verwenden würden: Umgebungsvariablen, dann das Standardprofil.",
    unsigned: "Anfragen werden nicht signiert. Nur wenige Buckets erlauben anonymes Schreiben.",
  },

  keychain: {
    title: "Es gibt keinen Schlüsselbund für den geheimen Schlüssel",
    why: "Geheime Schlüssel werden nur im Schlüsselbund des Systems aufbewahrt, nirgends sonst.",
    install: "gnome-keyring oder KWallet installieren, starten und erneut versuchen.",
    unlock: "Den Schlüsselbund entsperren und erneut versuchen.",
    chosen: "Nur für diese Sitzung: Beim nächsten Start wird wieder gefragt.",
    again: "Erneut versuchen",
    looking: "Wird gesucht ...",
    session: "Nur für diese Sitzung anmelden",
  },

  checks: {
    skipped: "übersprungen",
    useRegion: (region) => `${region} verwenden`,
  },

  buckets: {
    placeholder: "Name des Buckets",
    choose: (n) =>
      `${counted(n, { one: "Bucket", other: "Buckets" })} gefunden: auswählen oder eingeben`,
    fillFirst:
      "Server und Schlüssel ausfüllen, um die Buckets zu sehen, oder einen Namen eingeben.",
    looking: "Buckets werden gesucht ...",
    none: "Noch kein Bucket vorhanden. Einen Namen eingeben, um einen anzulegen.",
    mayNotList: "Diese Schlüssel dürfen Buckets nicht auflisten. Den Namen des Buckets eingeben.",
    create: "Anlegen",
    creating: "Wird angelegt ...",
    createNamed: (name) => `Bucket ${name} anlegen`,
  },

  practice: {
    name: "Übungsspeicher",
    title: "Übungsspeicher: Dateien bleiben auf diesem Computer",
    text: "Ein kleiner S3-Server, den Windlass mitbringt, zum Ausprobieren. Er bewahrt das Hochgeladene in einem Ordner dieses Programms auf, prüft es wie ein echter und ist nur von diesem Computer aus erreichbar.",
    holds: "Inhalt",
    usage: (objects, uploads, size) =>
      [
        counted(objects, { one: "Objekt", other: "Objekte" }),
        uploads > 0
          ? counted(uploads, { one: "unvollständiger Upload", other: "unvollständige Uploads" })
          : "",
        size,
      ]
        .filter(Boolean)
        .join(", "),
    nothing: "leer",
    empty: "Leeren ...",
    emptied: "Der Übungsspeicher ist leer",
    emptying: {
      title: "Übungsspeicher leeren?",
      text: (holds) =>
        `Von diesem Computer wird gelöscht: ${holds}. Der Bucket bleibt, die eigenen Dateien und andere Server bleiben unberührt. Das lässt sich nicht rückgängig machen.`,
      yes: "Alles löschen",
      no: "Behalten",
    },
  },
};

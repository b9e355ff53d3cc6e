// What each kind of fault is called and what to do about it, in German.
import type { faults as en } from "../en/faults";

const tryAgain = "Erneut versuchen";
const copyDetails = "Details kopieren";

export const faults: typeof en = {
  kinds: {
    offline: {
      title: "Der Server ist nicht erreichbar",
      advice: "Das Netzwerk und die Adresse der Verbindung prüfen.",
      button: tryAgain,
    },
    throttled: {
      title: "Der Server drosselt Anfragen",
      advice:
        "Er ist ausgelastet. Etwas warten oder in den Einstellungen weniger Verbindungen zulassen.",
      button: tryAgain,
    },
    server: {
      title: "Der Server hatte ein Problem",
      advice: "Die Ursache liegt auf seiner Seite. Was gesendet wurde, bleibt erhalten.",
      button: tryAgain,
    },
    credentials: {
      title: "Der Server hat diese Schlüssel abgelehnt",
      advice: "Die Schlüssel sind vielleicht falsch eingegeben, abgelaufen oder deaktiviert.",
      button: "Neu anmelden",
    },
    signIn: {
      title: "Zum Fortsetzen anmelden",
      advice: "Was darauf wartet, läuft nach der Anmeldung von selbst weiter.",
      button: "Anmelden",
    },
    keychain: {
      title: "Der Schlüsselbund lässt sich nicht öffnen",
      advice: "Ihn entsperren oder nur für diese Sitzung anmelden.",
      button: tryAgain,
    },
    denied: {
      title: "Zugriff verweigert",
      advice:
        "Wer den Bucket verwaltet, kann den Zugriff erlauben. Die Details nennen die fehlende Berechtigung.",
      button: copyDetails,
    },
    wrongPlace: {
      title: "Falscher Bucket oder Endpunkt",
      advice:
        "Der Bucket heißt vielleicht anders, liegt in einer anderen Region, oder unter dieser Adresse ist kein S3-Server.",
      button: "Verbindung öffnen",
    },
    clock: {
      title: "Die Uhr dieses Computers geht falsch",
      advice:
        "Der Server lehnt Anfragen mit falscher Uhrzeit ab. Die Uhr stellen, dann erneut versuchen.",
      button: tryAgain,
    },
    exists: {
      title: "Ein Objekt mit diesem Namen ist schon vorhanden",
      advice: "Es ersetzen oder beide unter verschiedenen Namen behalten.",
      button: "Ersetzen",
    },
    sourceMissing: {
      title: "Die Datei lässt sich nicht lesen",
      advice:
        "Sie wurde verschoben oder umbenannt, liegt auf einem Laufwerk, das nicht verbunden ist, oder darf nicht geöffnet werden.",
      button: tryAgain,
    },
    sourceChanged: {
      title: "Die Datei hat sich beim Hochladen geändert",
      advice: "Warten, bis das Programm fertig ist, das sie schreibt.",
      button: "Neu hochladen",
    },
    checksum: {
      title: "Die gespeicherten Daten stimmen nicht mit der Datei überein",
      advice: "Kein beschädigtes Objekt gilt als fertig.",
      button: "Neu hochladen",
    },
    unsupported: {
      title: "Der Server unterstützt das nicht",
      advice: "Ihm fehlt etwas, das dieser Upload braucht.",
      button: copyDetails,
    },
    storage: {
      title: "Windlass kann seine eigenen Daten nicht schreiben",
      advice: "Vielleicht ist der Datenträger voll.",
      button: tryAgain,
    },
    bug: {
      title: "In Windlass ist etwas schiefgegangen",
      advice: "Die Details helfen, den Grund zu finden.",
      button: copyDetails,
    },
  },
  reasons: {
    fileInUse: {
      title: "Die Datei wird gerade verwendet",
      advice: "Im anderen Programm schließen, dann erneut versuchen.",
    },
    tooLargeForIt: {
      title: "Anfragen dieser Größe werden abgelehnt",
      advice:
        "Ein Proxy vor dem Server begrenzt sie. In kleineren Teilen hochladen oder seine Grenze über 5 MiB anheben lassen.",
    },
    storeFull: {
      title: "Der Speicher ist voll",
      advice: "Dort Platz schaffen oder das Kontingent erhöhen lassen, dann erneut versuchen.",
    },
    noSuchHost: {
      title: "Der Name des Servers ist nicht zu finden",
      advice:
        "Prüfen, ob die Adresse der Verbindung richtig geschrieben und dieser Computer online ist.",
    },
    notAProxy: {
      title: "Die Adresse des Proxys ist nicht gültig",
      advice: "In der Verbindung unter „Proxy“ oder in der Umgebung korrigieren.",
    },
    proxyDown: {
      title: "Der Proxy ist nicht erreichbar",
      advice:
        "Den Proxy der Verbindung prüfen oder keinen wählen, wenn dieses Netzwerk ihn nicht braucht.",
    },
    proxyNotThrough: {
      title: "Der Proxy erreicht den Server nicht",
      advice: "Die Adresse der Verbindung prüfen, und ob der Proxy dieses Netzwerk verlassen darf.",
    },
    proxyRefused: {
      title: "Der Proxy lehnt diesen Server ab",
      advice:
        "Seine Administration kann ihn freigeben. Oder in der Verbindung einen anderen Proxy oder keinen wählen.",
    },
    proxyNeedsLogin: {
      title: "Der Proxy verlangt eine Anmeldung",
      advice: "Benutzername und Passwort in der Verbindung unter „Proxy“ eingeben.",
    },
    proxyLoginRejected: {
      title: "Der Proxy lehnt die Anmeldung ab",
      advice: "Benutzername und Passwort in der Verbindung unter „Proxy“ prüfen.",
    },
    unknownIssuer: {
      title: "Dem Zertifikat des Servers wird nicht vertraut",
      advice:
        "Ist es der eigene Server: sein Zertifikat oder das seiner Zertifizierungsstelle in der Verbindung unter „Eigenes Zertifikat“ angeben.",
    },
    badCertificate: {
      title: "Das Zertifikat des Servers ist nicht gültig",
      advice:
        "Es ist abgelaufen oder gilt für einen anderen Namen: Die Adresse der Verbindung prüfen.",
    },
    loginNeeded: {
      title: "Mit der AWS CLI anmelden",
      advice: "Dafür wird Version 2 der AWS CLI benötigt.",
    },
    mfaCodeNeeded: {
      title: "Ein MFA-Code wird benötigt",
      advice:
        "Den Code eingeben, den das Gerät zeigt; was darauf wartet, läuft dann von selbst weiter.",
    },
    noMfaCode: {
      title: "Das ist kein MFA-Code",
      advice: "Die sechs Ziffern eingeben, die das Gerät gerade zeigt.",
    },
    noStartUrl: {
      title: "Das ist keine Start-URL",
      advice: "Sie aus der Adresszeile des Zugangsportals kopieren.",
    },
    noIdentityCenter: {
      title: "Dieses Profil lässt sich nicht anmelden",
      advice: "Ein anderes Profil wählen oder mit Identity Center und einer Start-URL anmelden.",
    },
    signInDenied: {
      title: "Die Anmeldung wurde abgelehnt",
      advice: "Sie erneut beginnen und auf der Seite zulassen.",
    },
    signInTimedOut: {
      title: "Die Anmeldung hat zu lange gedauert",
      advice: "Sie erneut beginnen.",
    },
    signInFailed: {
      title: "Die Anmeldung ist fehlgeschlagen",
      advice: "Start-URL und SSO-Region prüfen.",
    },
    notAssumed: {
      title: "AWS STS hat abgelehnt",
      advice:
        "Die Rolle und ihre Vertrauensrichtlinie prüfen. Ein MFA-Code gilt nur ein einziges Mal.",
    },
    bucketTaken: {
      title: "Der Name des Buckets ist vergeben",
      advice: "Einen anderen Namen wählen.",
    },
    bucketName: {
      title: "Der Bucket kann nicht so heißen",
      advice: "Einen anderen Namen wählen.",
    },
    wrongRegion: {
      title: "Der Bucket liegt in einer anderen Region",
      advice: "Seine Region in der Verbindung wählen, dann erneut versuchen.",
    },
    noProfile: {
      title: "Dieses Profil gibt es nicht",
      advice:
        "In der Verbindung ein anderes Profil wählen oder es in der AWS-Konfiguration anlegen.",
    },
    clockAgrees: {
      title: "Der Server lehnt die Uhr dieses Computers ab",
      advice: "Nach seinem eigenen Datum geht sie richtig. Später erneut versuchen.",
    },
  },
  changing: {
    title: "Diese Datei ändert sich ständig",
    advice:
      "Auf dem Server liegt kein unvollständiges Objekt: Es erscheint erst, wenn eine Version der Datei vollständig hochgeladen ist. Was bisher gespeichert ist, bleibt erhalten.",
    button: "Version hochladen",
    keepWaiting: "Weiter warten",
    cancel: "Abbrechen",
  },
  unlooked: {
    title: "Diese Schlüssel können nicht prüfen, ob das Objekt vorhanden ist",
    advice:
      "Wer den Bucket verwaltet, kann s3:ListBucket erlauben. Trotzdem hochladen ersetzt ein vorhandenes Objekt.",
    button: "Trotzdem hochladen",
    copyDetails,
  },
  details: {
    part: (n) => `Teil: ${n}`,
    status: (code) => `HTTP-Status: ${code}`,
    code: (code) => `Code: ${code}`,
    requestId: (id) => `Request ID: ${id}`,
    kind: (kind) => `Art: ${kind}`,
    file: (path) => `Datei: ${path}`,
    to: (address, connection) => `Ziel: ${address} (${connection})`,
  },
};

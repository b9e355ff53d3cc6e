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
      title: "Der Server bittet um weniger Tempo",
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
      title: "Der Server hat diese Schlüssel nicht angenommen",
      advice: "Sie sind vielleicht falsch eingegeben, abgelaufen oder abgeschaltet.",
      button: "Neu anmelden",
    },
    keychain: {
      title: "Der Schlüsselbund lässt sich nicht öffnen",
      advice: "Ihn entsperren oder nur für diese Sitzung anmelden.",
      button: "Erneut prüfen",
    },
    denied: {
      title: "Diese Schlüssel dürfen das nicht",
      advice: "Wer den Bucket verwaltet, kann es erlauben; die Details nennen, was fehlt.",
      button: copyDetails,
    },
    wrongPlace: {
      title: "Das ist nicht der richtige Ort",
      advice:
        "Der Bucket heißt vielleicht anders, liegt in einer anderen Region, oder unter dieser Adresse ist kein S3-Server.",
      button: "Verbindung öffnen",
    },
    clock: {
      title: "Die Uhr dieses Computers geht falsch",
      advice:
        "Der Server weist Anfragen aus einer anderen Zeit ab. Die Uhr stellen, dann erneut versuchen.",
      button: tryAgain,
    },
    exists: {
      title: "Eine Datei dieses Namens ist schon da",
      advice: "Sie ersetzen oder beide unter verschiedenen Namen behalten.",
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
      button: "Jetzt hochladen",
    },
    checksum: {
      title: "Die gespeicherten Bytes passen nicht zur Datei",
      advice: "Nichts Beschädigtes gilt als fertig.",
      button: "Neu hochladen",
    },
    unsupported: {
      title: "Der Server kann das nicht",
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
    tooLargeForIt: {
      title: "Etwas auf dem Weg nimmt keine Anfragen dieser Größe an",
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
      "Nichts Halbfertiges liegt auf dem Server: Das Objekt erscheint erst, wenn ein Stand der Datei vollständig angekommen ist. Was bisher gespeichert ist, bleibt erhalten.",
    button: "Stand hochladen",
    keepWaiting: "Weiter warten",
    cancel: "Abbrechen",
  },
  unlooked: {
    title: "Diese Schlüssel dürfen nicht sehen, ob der Name belegt ist",
    advice:
      "Wer den Bucket verwaltet, kann s3:ListBucket erlauben. Trotzdem hochladen ersetzt, was da ist.",
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

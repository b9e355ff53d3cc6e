// What a connection's test and a verification found, in German.
import { counted } from "../counted";
import type { found as en } from "../en/found";

export const found: typeof en = {
  checked: {
    answers: "Der Server antwortet",
    answersThrough: (proxy) => `Der Server antwortet über den Proxy ${proxy}`,
    clockAgrees: "Die Uhr dieses Computers stimmt mit der des Servers überein",
    unsigned: "Anfragen werden nicht signiert",
    keysAccepted: "Die Schlüssel werden akzeptiert",
    bucketThere: (bucket) => `Der Bucket ${bucket} ist vorhanden`,
    mayUpload: "Ein Test-Upload hat funktioniert und wurde wieder entfernt",
    sums: {
      objects: (algorithm) => `Der Server liefert Prüfsummen ganzer Objekte (${algorithm})`,
      parts: (algorithm) => `Der Server liefert zusammengesetzte Prüfsummen (${algorithm})`,
      partsAlone: (algorithm) =>
        `Der Server unterstützt keine neueren Prüfsummen; Teile werden mit ${algorithm} verglichen`,
      nothing: "Der Server liefert keine vergleichbare Prüfsumme; nur die Größe wird verglichen",
    },
  },
  evidence: {
    there: "vorhanden",
    absent: "kein Objekt hat diesen Key",
    sent: (ours, theirs) => `gesendet: ${ours}, vorgefunden: ${theirs}`,
    ofFile: (ours, theirs) => `Datei: ${ours}, Objekt: ${theirs}`,
    none: "vom Server nicht gemeldet",
    notHowLong: "der Server meldet eine Prüfsumme der Teile, aber nicht deren Größe",
    otherVersion: "eine andere Version ist die aktuelle",
    otherVersionKept: "eine andere Version ist die aktuelle; die hochgeladene ist noch vorhanden",
    partsUntold: "vom Server nicht gemeldet",
    partsDiffer: (parts) => `abweichend vom Gesendeten: ${parts}`,
    partsSame: (parts) => `${parts}, verglichen nach Größe`,
    partsSameSums: (parts) => `${parts}, verglichen nach Größe und Prüfsumme`,
    fileSize: (now, sent) => `sie hat jetzt ${now}, gesendet wurden ${sent}`,
    fileSame: "jedes Byte stimmt mit dem Gesendeten überein",
    fileChanged: "seit dem Upload geändert",
    fileChangedIn: (parts) => `seit dem Upload geändert, in Teil ${parts}`,
    run: (first, last) => `${first} bis ${last}`,
    andMore: (parts) => `${parts} und weitere`,
  },
  saved: {
    none: "Daraus konnte kein Upload wiederhergestellt werden.",
    some: (n) =>
      `${counted(n, { one: "Upload wurde", other: "Uploads wurden" })} daraus wiederhergestellt.`,
  },
};

// What a connection's test and a verification found, in German.
import { counted } from "../counted";
import type { found as en } from "../en/found";

export const found: typeof en = {
  checked: {
    answers: "Der Server antwortet",
    clockAgrees: "Die Uhr dieses Computers stimmt mit der des Servers überein",
    unsigned: "Anfragen gehen ohne Signatur hinaus",
    keysAccepted: "Die Schlüssel werden angenommen",
    bucketThere: (bucket) => `Der Bucket ${bucket} ist da`,
    mayUpload: "Ein Upload ließ sich beginnen und wurde wieder abgebrochen",
    sums: {
      objects: (algorithm) => `Der Server summiert ganze Objekte (${algorithm})`,
      parts: (algorithm) => `Der Server summiert Teile und deren Summen (${algorithm})`,
      partsAlone: (algorithm) =>
        `Der Server hat keine neueren Prüfsummen; Teile werden mit ${algorithm} verglichen`,
      nothing: "Der Server hat keine vergleichbare Prüfsumme; verglichen werden Größen",
    },
  },
  evidence: {
    there: "vorhanden",
    absent: "kein Objekt hat diesen Key",
    sent: (ours, theirs) => `gesendet wurde ${ours}, vorhanden ist ${theirs}`,
    ofFile: (ours, theirs) => `die der Datei ist ${ours}, die des Objekts ${theirs}`,
    sizesSent: (ours, theirs) => `gesendet wurden ${ours}, vorhanden sind ${theirs}`,
    sizesOfFile: (ours, theirs) => `die Datei hat ${ours}, das Objekt ${theirs}`,
    none: "der Server nennt keine Angabe",
    notHowLong: "der Server nennt eine Prüfsumme der Teile, aber nicht deren Länge",
    otherVersion: "eine andere Version ist die aktuelle",
    otherVersionKept: "eine andere Version ist die aktuelle; die gesendete ist noch vorhanden",
    partsUntold: "der Server nennt sie nicht",
    partCount: (sent, there) => `gesendet wurden ${sent}, vorhanden sind ${there}`,
    partsDiffer: (parts) => `anders als gesendet: ${parts}`,
    partsSame: (parts) => `${parts}, nach ihren Größen`,
    partsSameSums: (parts) => `${parts}, nach ihren Größen und Prüfsummen`,
    fileSize: (now, sent) => `sie hat jetzt ${now}, gesendet wurden ${sent}`,
    fileSame: "jedes Byte ist, was gesendet wurde",
    fileChanged: "sie hat sich seither geändert",
    fileChangedIn: (parts) => `sie hat sich seither geändert, in Teil ${parts}`,
    run: (first, last) => `${first} bis ${last}`,
    andMore: (parts) => `${parts} und weitere`,
  },
  saved: {
    none: "Daraus ließ sich kein Upload lesen.",
    some: (n) => `${counted(n, { one: "Upload wurde", other: "Uploads wurden" })} daraus gerettet.`,
  },
};

// What stands against storing an object as it was asked for, or against a link to it, in German.
import type { optionError as en } from "../en/optionError";

export const optionError: typeof en = {
  characters: (header) => `In ${header} passt kein Steuerzeichen, etwa ein Zeilenumbruch`,
  notAscii: (header) => `${header} nimmt nur ASCII-Zeichen: keine Umlaute, keine anderen Schriften`,
  acl: (acl) => `„${acl}“ ist keine der ACLs von S3`,
  lockDays: (least, most) => `Eine Sperre gilt ${least} bis ${most} Tage`,
  kmsKeyAlone: "Ein KMS-Schlüssel wirkt nur mit der Verschlüsselung aws:kms",
  twoEncryptions:
    "Ein Objekt wird mit einem eigenen Schlüssel verschlüsselt oder vom Server, nicht beides",
  tags: (count) => `Ein Objekt nimmt 10 Tags, dies sind ${count}`,
  tagName: (name) =>
    `Der Name eines Tags hat 1 bis 128 Zeichen und keinen Zeilenumbruch: „${name}“`,
  tagValue: (name) =>
    `Der Wert des Tags „${name}“ hat mehr als 256 Zeichen oder einen Zeilenumbruch`,
  tagCharacter: (name, character) =>
    `Ein Tag nimmt Buchstaben, Ziffern, Leerzeichen und + - = . _ : / @, in „${name}“ steht „${character}“`,
  tagReserved: (name) => `Der Name eines Tags beginnt nicht mit aws:, das gehört Amazon: „${name}“`,
  tagTwice: (name) => `Zwei Tags heißen „${name}“`,
  metadataName: (name) =>
    `Der Name von Metadaten besteht aus Buchstaben ohne Umlaute, Ziffern, - _ und .; „${name}“ nicht`,
  metadataTwice: (name) => `Zwei Metadaten heißen „${name}“`,
  metadataSize: (size, most) => `Die Metadaten haben ${size}, S3 nimmt zusammen ${most}`,
  keyForm:
    "Ein Schlüssel hat 32 Byte (256 Bit), geschrieben in Base64 (44 Zeichen) oder als 64 Hexadezimalziffern",
  keyLength: (size) => `Ein Schlüssel hat 32 Byte (256 Bit), dieser hat ${size}`,
  keyNotHere: (md5) =>
    `Der Schlüssel mit dem MD5 ${md5} fehlt hier: bitte noch einmal angeben; ohne ihn lässt sich zu dem Objekt nichts senden und nichts erfragen`,
  keyNeedsHttps: (endpoint) =>
    `S3 nimmt einen eigenen Schlüssel nur über https, ${endpoint} ist einfaches http: Alle auf dem Weg könnten ihn mitlesen`,
  otherKey: (key, md5) =>
    `${key} ist mit einem anderen Schlüssel verschlüsselt als dem mit dem MD5 ${md5}`,
  notEncrypted: (place) =>
    `${place} nimmt keine eigenen Schlüssel: Sie werden übergangen, und was dort gespeichert wird, ist nicht damit verschlüsselt`,
  notLocked: (cause) => `Das Objekt ist da, ließ sich aber nicht sperren: ${cause}`,
  linkTime: "Ein Link gilt mindestens eine Sekunde und höchstens sieben Tage",
  linkNotDone: "Einen Link gibt es nur zu Uploads, die fertig sind",
  linkOwnKey:
    "Das Objekt ist mit einem eigenen Schlüssel verschlüsselt: Beim Öffnen eines Links müsste er mitgesendet werden, und das tut kein Browser",
  linkUnsigned:
    "Diese Verbindung signiert nichts, und ein Link ist eine Signatur; was alle lesen dürfen, hat seine einfache Adresse",
  linkSessionEnded: "Die Sitzung ist abgelaufen; bitte neu anmelden",
};

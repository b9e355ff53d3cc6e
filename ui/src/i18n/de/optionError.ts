// Why an object cannot be stored with the options it was given, or have a link, in German.
import type { optionError as en } from "../en/optionError";

export const optionError: typeof en = {
  characters: (header) => `${header} darf keine Steuerzeichen wie Zeilenumbrüche enthalten`,
  notAscii: (header) =>
    `${header} darf nur ASCII-Zeichen enthalten: keine Umlaute, keine anderen Schriften`,
  acl: (acl) => `„${acl}“ ist keine der vordefinierten ACLs von S3`,
  lockDays: (least, most, days) =>
    `Ein Objekt lässt sich für ${least} bis ${most} Tage sperren, nicht für ${days}`,
  kmsKeyAlone: "Ein KMS-Schlüssel braucht die Verschlüsselung aws:kms",
  twoEncryptions:
    "Ein Objekt wird entweder mit einem eigenen Schlüssel oder vom Server verschlüsselt, nicht beides",
  tags: (count) => `Ein Objekt kann höchstens 10 Tags haben, nicht ${count}`,
  tagName: (name) =>
    `Der Name eines Tags muss 1 bis 128 Zeichen und darf keinen Zeilenumbruch haben: „${name}“`,
  tagValue: (name) =>
    `Der Wert des Tags „${name}“ hat mehr als 256 Zeichen oder einen Zeilenumbruch`,
  tagCharacter: (name, character) =>
    `Ein Tag darf nur Buchstaben, Ziffern, Leerzeichen und + - = . _ : / @ enthalten, „${name}“ enthält aber „${character}“`,
  tagReserved: (name) => `Tag-Namen, die mit aws: beginnen, sind für AWS reserviert: „${name}“`,
  tagTwice: (name) => `Das Tag „${name}“ ist doppelt angegeben`,
  metadataName: (name) =>
    `Der Name von Metadaten darf nur Buchstaben ohne Umlaute, Ziffern, - _ und . enthalten: „${name}“`,
  metadataTwice: (name) => `Die Metadaten „${name}“ sind doppelt angegeben`,
  metadataSize: (size, most) =>
    `Die Metadaten haben ${size}, S3 erlaubt insgesamt höchstens ${most}`,
  keyForm:
    "Ein Schlüssel hat 32 Byte (256 Bit), geschrieben in Base64 (44 Zeichen) oder als 64 Hexadezimalziffern",
  keyLength: (size) => `Ein Schlüssel hat 32 Byte (256 Bit), dieser aber ${size}`,
  keyNotHere: (md5) =>
    `Der eigene Schlüssel mit dem MD5 ${md5} ist nicht verfügbar; bitte erneut eingeben, ohne ihn lässt sich das Objekt weder hochladen noch prüfen`,
  keyNeedsHttps: (endpoint) =>
    `S3 akzeptiert eigene Schlüssel nur über https, ${endpoint} verwendet aber einfaches http: Der Schlüssel ließe sich im Netzwerk mitlesen`,
  otherKey: (key, md5) =>
    `${key} ist mit einem anderen Schlüssel verschlüsselt als dem mit dem MD5 ${md5}`,
  notEncrypted: (place) =>
    `${place} unterstützt keine eigenen Schlüssel: Sie werden ignoriert, und Objekte werden ohne diese Verschlüsselung gespeichert`,
  notLocked: (cause) => `Das Objekt wurde gespeichert, ließ sich aber nicht sperren: ${cause}`,
  linkTime: "Ein Link kann mindestens eine Sekunde und höchstens sieben Tage gültig sein",
  linkNotDone: "Links gibt es nur für abgeschlossene Uploads",
  linkOwnKey:
    "Das Objekt ist mit einem eigenen Schlüssel verschlüsselt, der mit jeder Anfrage gesendet werden muss; ein Browser kann das beim Öffnen eines Links nicht",
  linkUnsigned:
    "Diese Verbindung signiert keine Anfragen und kann deshalb auch keinen Link signieren; ein Objekt, das alle lesen dürfen, hat eine einfache URL",
  linkSessionEnded: "Die Sitzung ist abgelaufen; neu anmelden",
};

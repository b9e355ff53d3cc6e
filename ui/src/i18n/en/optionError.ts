// Why an object cannot be stored with the options it was given, or have a link: sentences without their full stop. Rust says the
// same (`fault/invalid_option.rs`); sentences.test.ts holds the two together.
export const optionError = {
  characters: (header: string) => `${header} cannot contain control characters such as line breaks`,
  notAscii: (header: string) =>
    `${header} can contain only ASCII characters: no accents and no other scripts`,
  acl: (acl: string) => `“${acl}” is not one of S3's canned ACLs`,
  lockDays: (least: string, most: string, days: string) =>
    `An object can be locked for ${least} to ${most} days, not for ${days}`,
  kmsKeyAlone: "A KMS key needs the encryption aws:kms",
  twoEncryptions: "An object is encrypted either with a customer key or by the server, not both",
  tags: (count: string) => `An object can have at most 10 tags, not ${count}`,
  tagName: (name: string) =>
    `A tag name must have 1 to 128 characters and no line break: “${name}”`,
  tagValue: (name: string) =>
    `The value of the tag “${name}” has more than 256 characters or a line break`,
  tagCharacter: (name: string, character: string) =>
    `A tag can contain only letters, digits, spaces and + - = . _ : / @, but “${name}” contains “${character}”`,
  tagReserved: (name: string) => `Tag names that begin with aws: are reserved by AWS: “${name}”`,
  tagTwice: (name: string) => `The tag “${name}” is given twice`,
  metadataName: (name: string) =>
    `A metadata name can contain only letters, digits, - _ and .: “${name}”`,
  metadataTwice: (name: string) => `The metadata “${name}” is given twice`,
  metadataSize: (size: string, most: string) =>
    `The metadata has ${size}, but S3 allows at most ${most} in total`,
  keyForm:
    "A key has 32 bytes (256 bits), written in Base64 (44 characters) or as 64 hexadecimal digits",
  keyLength: (size: string) => `A key has 32 bytes (256 bits), but this one has ${size}`,
  keyNotHere: (md5: string) =>
    `The customer key with the MD5 ${md5} is not available; enter it again, as the object cannot be uploaded or checked without it`,
  keyNeedsHttps: (endpoint: string) =>
    `S3 accepts customer keys only over https, but ${endpoint} uses plain http, where anyone on the network could read the key`,
  otherKey: (key: string, md5: string) =>
    `${key} is encrypted with a different key than the one with the MD5 ${md5}`,
  notEncrypted: (place: string) =>
    `${place} does not support customer keys: it ignores them and stores objects without this encryption`,
  notLocked: (cause: string) => `The object was stored but could not be locked: ${cause}`,
  linkTime: "A link can be valid for at least one second and at most seven days",
  linkNotDone: "Links are available only for completed uploads",
  linkOwnKey:
    "The object is encrypted with a customer key, which has to be sent with every request; a browser that opens a link cannot do that",
  linkUnsigned:
    "This connection does not sign requests, so it cannot sign a link either; an object that anyone can read has a plain URL",
  linkSessionEnded: "The session has expired; sign in again",
};

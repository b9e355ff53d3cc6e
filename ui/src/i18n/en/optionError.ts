// What stands against storing an object as it was asked for, or against a link to it: as sentences without their end.
export const optionError = {
  characters: (header: string) =>
    `A control character, such as a line break, cannot go in ${header}`,
  notAscii: (header: string) =>
    `${header} takes ASCII characters alone: no accents, and no other scripts`,
  acl: (acl: string) => `“${acl}” is none of S3's ACLs`,
  lockDays: (least: string, most: string) => `A lock holds for ${least} to ${most} days`,
  kmsKeyAlone: "A KMS key is of use only with the encryption aws:kms",
  twoEncryptions: "An object is encrypted with a key of your own or by the server, not both",
  tags: (count: string) => `An object takes 10 tags, and these are ${count}`,
  tagName: (name: string) => `A tag's name has 1 to 128 characters and no line break: “${name}”`,
  tagValue: (name: string) =>
    `The value of the tag “${name}” has more than 256 characters, or a line break`,
  tagCharacter: (name: string, character: string) =>
    `A tag takes letters, digits, spaces and + - = . _ : / @, and “${name}” has “${character}”`,
  tagReserved: (name: string) =>
    `A tag's name does not begin with aws:, which is Amazon's own: “${name}”`,
  tagTwice: (name: string) => `There are two tags named “${name}”`,
  metadataName: (name: string) =>
    `The name of metadata is made of letters, digits, - _ and .: “${name}” is not`,
  metadataTwice: (name: string) => `There are two metadata named “${name}”`,
  metadataSize: (size: string, most: string) =>
    `The metadata have ${size}, and S3 takes ${most} in all`,
  keyForm:
    "A key is 32 bytes (256 bits), written in base64 (44 characters) or as 64 hexadecimal digits",
  keyLength: (size: string) => `A key has 32 bytes (256 bits), and this one has ${size}`,
  keyNotHere: (md5: string) =>
    `The encryption key with the MD5 ${md5} is not here: give it again; without it nothing can be sent to the object or asked about it`,
  keyNeedsHttps: (endpoint: string) =>
    `S3 takes a key of your own only over https, and ${endpoint} is plain http: everybody on the way could read it`,
  otherKey: (key: string, md5: string) =>
    `${key} is encrypted with another key than the one with the MD5 ${md5}`,
  notEncrypted: (place: string) =>
    `${place} takes no keys of your own: it passes over them, and what it stores is not encrypted with them`,
  notLocked: (cause: string) => `The object is there, and could not be locked: ${cause}`,
  linkTime: "A link holds for a second at least, and for seven days at most",
  linkNotDone: "There is a link only to what is done",
  linkOwnKey:
    "The object is encrypted with a key of your own: who opens a link would have to send the key with it, and a browser does not",
  linkUnsigned:
    "This connection signs nothing, and a link is a signature; what everybody may read has its plain address",
  linkSessionEnded: "The session has ended; sign in again",
};

// What went wrong, in the engine's own reasons: as sentences without their end. Numbers, sizes and times come written.
import { counted } from "../counted";

export const faultReason = {
  fileGone: (path: string) => `There is no file at this path: ${path}`,
  fileForbidden: (path: string) => `This file may not be read by you: ${path}`,
  fileUnreadable: (path: string, cause: string) => `This file cannot be read (${cause}): ${path}`,
  readingFailed: (cause: string) => `Reading the file failed: ${cause}`,
  isFolder: (path: string) => `This is a folder: ${path}`,
  noFile: (path: string) => `This is no ordinary file: ${path}`,
  diskSilent: (time: string, path: string) =>
    `The disk has not answered for ${time}; check it, or the way to it, and try again: ${path}`,
  wrongSize: (size: string, read: string) =>
    `The file's size is given as ${size}, and only ${read} of it can be read; upload a copy of it`,
  wrongSizeMore: (size: string) =>
    `The file's size is given as ${size}, and more can be read; upload a copy of it`,
  changedWhileSent: "The file was changed while it was sent",
  keepsChanging: {
    for: (time: string) => `It did not keep still for ${time}`,
    times: (n: number) =>
      `It changed ${counted(n, { one: "time", other: "times" })} since it was begun`,
    whileCopied: "It changed even while it was copied",
    noCopy: (cause: string) => `No copy of it can be made: ${cause}`,
  },

  noKey: "An object needs a name: the key is empty",
  keyTooLong: (size: string, most: string) =>
    `The key is ${size} long and S3 takes ${most}; shorten the prefix or the file's name`,
  keyTooLongOf: (file: string, size: string, most: string) =>
    `The key of ${file} is ${size} long and S3 takes ${most}; shorten the prefix or the file's name`,
  notUtf8: "S3 keys are UTF-8 and this name is not; rename the file to upload it",
  keyTaken: (bucket: string, key: string, size: string) =>
    `${bucket} has an object named ${key} already (${size})`,
  keyTakenMeanwhile: (bucket: string, key: string) =>
    `${bucket} got an object named ${key} while this was sent; nothing of it was written over`,
  keyTakenUnseen: (bucket: string, key: string) =>
    `${bucket} has an object named ${key} already, which these keys may not look at; nothing of it was written over`,
  mayNotLook: (bucket: string, key: string) =>
    `Whether ${bucket} has an object named ${key} already these keys may not see (s3:ListBucket is missing), and this server is not known to refuse to write over it`,
  tooLarge: (size: string, most: string) =>
    `${size} are more than S3 keeps in one object (${most})`,
  tooLargeHere: (size: string, most: string) =>
    `${size} are more than this server keeps in one object (${most})`,
  partSize: (size: string, least: string, most: string) =>
    `A part of ${size} is outside S3's limits (${least} to ${most})`,
  partSizeHere: (size: string, most: string) =>
    `A part of ${size} is more than this server takes (${most})`,
  tooManyParts: (size: string, partSize: string, most: string, fits: string) =>
    `${size} in parts of ${partSize} are more than S3's ${most} parts; the smallest part size that fits is ${fits}`,

  noAnswer: (place: string) => `No answer in time from ${place}`,
  silent: (place: string, time: string) => `Nothing has moved for ${time} to ${place}`,
  unreachable: (place: string, cause: string) => `${place} cannot be reached: ${cause}`,
  /** what it says stays in its words */
  says: (place: string, text: string) => `${place} says: ${text}`,
  gateway: (place: string, status: number) =>
    `HTTP ${status} from something between here and ${place}`,
  endlessList: (place: string) =>
    `${place} answers with a list that does not end; what it has stored cannot be known`,
  tooLargeForIt: (place: string) =>
    `${place}, or something between here and there, takes no request of this size (HTTP 413)`,
  storeFull: (place: string) => `${place} has no room left`,
  /** what it says stays in its words */
  storeFullSays: (place: string, text: string) => `${place} has no room left: ${text}`,
  noSuchHost: (host: string, cause: string) => `The name ${host} cannot be resolved: ${cause}`,
  unknownIssuer: (place: string) =>
    `The certificate of ${place} is not signed by anybody that this computer trusts`,
  badCertificate: (place: string, cause: string) =>
    `The certificate of ${place} cannot be trusted: ${cause}`,
  cutShort: (place: string) => `The answer of ${place} was cut short`,
  slowDown: (place: string) => `${place} asks for patience`,
  serverFailed: (place: string, status: number) => `${place} failed (HTTP ${status})`,
  refused: (place: string, status: number) => `${place} refused (HTTP ${status})`,
  notS3: (place: string, answer: string) =>
    `No S3 server answers (${answer}); the network may want a sign-in, or ${place} is not the endpoint's address`,
  without: (missing: string) => `no ${missing}`,
  badRequest: (cause: string) => `The request could not be made: ${cause}`,
  clock: {
    ahead: (place: string, time: string) =>
      `This computer's clock is ${time} ahead of that of ${place}`,
    behind: (place: string, time: string) =>
      `This computer's clock is ${time} behind that of ${place}`,
  },
  clockAgrees: (place: string) =>
    `${place} says that this computer's clock is wrong, and by its own Date it is right`,
  noSuchBucket: (bucket: string) => `There is no bucket named “${bucket}” here`,
  wrongRegion: (region: string) => `The bucket lives in the region ${region}`,
  noAddress: (endpoint: string) =>
    `“${endpoint}” is no endpoint address; it looks like https://s3.example.com`,
  certificates: (path: string, cause: string) =>
    `The certificates in ${path} cannot be used: ${cause}`,
  noCertificate: (path: string) => `${path} holds no certificate in PEM form`,
  noMultipart: "The server takes no multipart upload in any form known here",
  mayNotAbort:
    "These keys may not abort an upload (s3:AbortMultipartUpload), so none was begun only to try: it would have been left on the server",
  leftByTrying: (uri: string) =>
    `What was made to try the server could not be taken away again: ${uri} is left, as an object or as an unfinished upload; take it off with keys that may`,

  noName: "Give the connection a name",
  noAccessKeyId: "The access key ID is missing",
  noSecret: "The secret access key is missing",
  secretNotHere: (connection: string) =>
    `The secret key of “${connection}” is not here; sign in again`,
  connectionRemoved:
    "The connection of this upload was removed; add it again, or cancel the upload",
  noBucket: "Choose a bucket first",
  noUsualBucket: "Give the connection a usual bucket: the server is asked there",
  noKeys: "No keys were found for this connection: neither in the environment nor in the profile",
  noProfile: (profile: string) => `There is no profile named “${profile}” in the AWS configuration`,
  keysSilent: "The place that gives out the keys did not answer",
  keysNotGiven: (cause: string) => `The keys could not be had: ${cause}`,
  awsConfiguration: (cause: string) => `The AWS configuration cannot be used: ${cause}`,
  keychain: {
    none: "No keychain answers on this computer",
    locked: "The keychain is locked, or there is none to open in it",
    tooLong: "The secret is longer than this keychain takes",
    refused: "The keychain refused",
    silent: "The keychain did not answer",
  },

  otherBytes: "The server stored other bytes than were sent",
  otherObject: "The finished object is not what was sent: the checksums differ",
  otherSize: (object: string, file: string) =>
    `The finished object has ${object}, and the file ${file}`,
  noObject: "The server completed the upload and has no such object",
  uploadGone: "The unfinished upload was gone on the server again and again",
  answeredEarly: "The server answered before it had all bytes",

  heldAlready: "An upload in the list goes on with this unfinished upload already",
  heldElsewhere: (folder: string) =>
    `Another run of Windlass on this computer goes on with this unfinished upload: its list is in ${folder}`,
  unfinishedGone:
    "This unfinished upload is not on the server any more: it was finished or discarded meanwhile",
  unevenParts:
    "Its stored parts have different sizes, and Windlass goes on only where all but the last are of one size: the program that began it can finish it, or it is discarded",
  fileTooShort: (size: string, reaches: string) =>
    `Its stored parts reach to ${reaches}, and this file has only ${size}: it is not the file that was sent`,
  nothingToSend: "The file is empty: there is nothing to go on with",
  otherSums: (algorithm: string) =>
    `It was begun with ${algorithm} checksums, which Windlass does not make: only the program that began it can finish it`,
  otherFile: (n: number) =>
    `Too few of its ${counted(n, { one: "stored part", other: "stored parts" })} are in this file, those of zeros left out: it is another file. Nothing was sent, and what is on the server is as it was`,
  notComparable:
    "The server tells nothing by which its stored parts could be held against the file; nothing was sent",
  stillSent: "Parts of it keep arriving: somebody is still sending it",
  wrongDays: "A rule takes whole days, from 1 on",
  rulesUnread:
    "The bucket's lifecycle rules are in a form that Windlass could not keep as it is; nothing was written",
  rulesNotKept:
    "The server did not keep the bucket's other lifecycle rules as they were; they were put back",

  diskFull: "The disk with Windlass's list of uploads is full",
  journalReadOnly: "Windlass's list of uploads may not be written: its folder is read-only",
  journalNotOpen: "Windlass's list of uploads cannot be opened: may its folder be written?",
  journalDamaged:
    "Windlass's list of uploads is damaged; start Windlass again, it then saves what it can",
  notWritten: (path: string, cause: string) => `${path} cannot be written: ${cause}`,
};

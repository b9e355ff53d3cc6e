// What went wrong, by the engine's own reasons: sentences without their full stop. Numbers, sizes and times come formatted.
// Rust says the same (`fault/messages.rs`); sentences.test.ts holds the two together.
import { counted } from "../counted";

export const faultReason = {
  fileGone: (path: string) => `File not found: ${path}`,
  fileForbidden: (path: string) => `No permission to read this file: ${path}`,
  fileInUse: (path: string) => `Another program has this file open and does not share it: ${path}`,
  fileUnreadable: (path: string, cause: string) => `Cannot read this file (${cause}): ${path}`,
  readingFailed: (cause: string) => `Reading the file failed: ${cause}`,
  isFolder: (path: string) => `This is a folder, not a file: ${path}`,
  noFile: (path: string) => `Not a regular file: ${path}`,
  diskSilent: (time: string, path: string) =>
    `The disk has not responded for ${time}; check it or the connection to it, then try again: ${path}`,
  wrongSize: (size: string, read: string) =>
    `The file system reports a size of ${size}, but only ${read} can be read; upload a copy of the file`,
  wrongSizeMore: (size: string) =>
    `The file system reports a size of ${size}, but more can be read; upload a copy of the file`,
  changedWhileSent: "The file changed while it was being uploaded",
  keepsChanging: {
    for: (time: string) => `The file kept changing for ${time}`,
    times: (n: number) =>
      `The file changed ${counted(n, { one: "time", other: "times" })} during the upload`,
    whileCopied: "The file changed even while it was being copied",
    noCopy: (cause: string) => `The file cannot be copied: ${cause}`,
  },

  noKey: "The object key is empty",
  keyTooLong: (size: string, most: string) =>
    `The key is ${size} long, but S3 allows at most ${most}; shorten the prefix or the file name`,
  keyTooLongOf: (file: string, size: string, most: string) =>
    `The key for ${file} is ${size} long, but S3 allows at most ${most}; shorten the prefix or the file name`,
  notUtf8: "The file name is not valid UTF-8, which S3 keys must be; rename the file to upload it",
  keyTaken: (bucket: string, key: string, size: string) =>
    `An object named ${key} already exists in ${bucket} (${size})`,
  keyTakenMeanwhile: (bucket: string, key: string) =>
    `An object named ${key} was created in ${bucket} during the upload; it was not overwritten`,
  keyTakenUnseen: (bucket: string, key: string) =>
    `An object named ${key} already exists in ${bucket}, but these keys are not allowed to read it; it was not overwritten`,
  mayNotLook: (bucket: string, key: string) =>
    `These keys cannot check whether ${bucket} already contains an object named ${key} (s3:ListBucket is missing), and this server is not known to refuse overwriting`,
  tooLarge: (size: string, most: string) => `${size} exceeds S3's maximum object size (${most})`,
  tooLargeHere: (size: string, most: string) =>
    `${size} exceeds this server's maximum object size (${most})`,
  partSize: (size: string, least: string, most: string) =>
    `A part size of ${size} is outside S3's limits (${least} to ${most})`,
  partSizeHere: (size: string, most: string) =>
    `A part size of ${size} exceeds this server's maximum (${most})`,
  tooManyParts: (size: string, partSize: string, most: string, fits: string) =>
    `${size} in parts of ${partSize} would exceed S3's limit of ${most} parts; the smallest part size that fits is ${fits}`,

  noAnswer: (place: string) => `${place} did not respond in time`,
  silent: (place: string, time: string) => `No data was transferred to ${place} for ${time}`,
  unreachable: (place: string, cause: string) => `${place} cannot be reached: ${cause}`,
  /** the server's own text stays in its language */
  says: (place: string, text: string) => `${place} says: ${text}`,
  gateway: (place: string, status: number) =>
    `A proxy or gateway in front of ${place} responded with HTTP ${status}`,
  endlessList: (place: string) =>
    `${place} returns an endless listing, so its contents cannot be determined`,
  tooLargeForIt: (place: string) =>
    `${place}, or a proxy in front of it, rejects requests of this size (HTTP 413)`,
  storeFull: (place: string) => `${place} is out of space`,
  /** the server's own text stays in its language */
  storeFullSays: (place: string, text: string) => `${place} is out of space: ${text}`,
  noSuchHost: (host: string, cause: string) => `The host name ${host} cannot be resolved: ${cause}`,
  unknownIssuer: (place: string) =>
    `The certificate of ${place} was not issued by an authority that this computer trusts`,
  badCertificate: (place: string, cause: string) =>
    `The certificate of ${place} is not valid: ${cause}`,
  notAProxy: (variable: string | null) =>
    `${variable === null ? "The proxy's address" : `The environment variable ${variable}`} is not valid; a proxy looks like http://proxy.example.com:3128, and begins with http, https, socks5 or socks5h`,
  proxyDown: (proxy: string, cause: string) =>
    `The proxy ${proxy} cannot be reached: ${cause}; check its address, and whether this network needs it`,
  proxyNotThrough: (proxy: string, place: string, cause: string) =>
    `The proxy ${proxy} could not connect to ${place}: ${cause}`,
  proxyRefused: (proxy: string, place: string, status: number | null) =>
    `The proxy ${proxy} refuses connections to ${place}${status === null ? "" : ` (HTTP ${status})`}; ask its administrator to allow this server, or reach the server without the proxy`,
  proxyNeedsLogin: (proxy: string) =>
    `The proxy ${proxy} requires a user name and password; enter them with the proxy's address`,
  proxyLoginRejected: (proxy: string) =>
    `The proxy ${proxy} rejected the user name or password; check them and enter them again`,
  cutShort: (place: string) => `The response from ${place} was cut off`,
  slowDown: (place: string) => `${place} is throttling requests`,
  serverFailed: (place: string, status: number) =>
    `${place} reported a server error (HTTP ${status})`,
  refused: (place: string, status: number) => `${place} rejected the request (HTTP ${status})`,
  /** `answer`: what came instead, in parentheses, or null */
  notS3: (place: string, answer: string | null) =>
    `The response did not come from an S3 server${answer === null ? "" : ` (${answer})`}; the network may require a sign-in, or ${place} is not the endpoint's address`,
  without: (missing: string) => `no ${missing}`,
  badRequest: (cause: string) => `The request could not be built: ${cause}`,
  clock: {
    ahead: (place: string, time: string) =>
      `This computer's clock is ${time} ahead of the server's (${place})`,
    behind: (place: string, time: string) =>
      `This computer's clock is ${time} behind the server's (${place})`,
  },
  clockAgrees: (place: string) =>
    `${place} says that this computer's clock is wrong, although it agrees with the server's own Date header`,
  noSuchBucket: (bucket: string) => `The bucket “${bucket}” does not exist`,
  bucketTaken: (bucket: string) =>
    `The name “${bucket}” is taken by somebody else's bucket; choose another name`,
  wrongRegion: (region: string) => `The bucket is in the region ${region}`,
  noAddress: (endpoint: string) =>
    `“${endpoint}” is not a valid endpoint; an endpoint looks like https://s3.example.com`,
  amazonOnly: (endpoint: string) =>
    `The options dual-stack, FIPS and transfer acceleration belong to Amazon's own endpoints; turn them off, or remove the endpoint ${endpoint}`,
  accelerateAlone:
    "Transfer acceleration cannot be combined with FIPS or path-style URLs; turn one of them off",
  certificates: (path: string, cause: string) =>
    `The certificates in ${path} cannot be used: ${cause}`,
  noCertificate: (path: string) => `${path} contains no certificate in PEM format`,
  noMultipart: "The server does not support multipart uploads in any form that Windlass can use",
  mayNotAbort:
    "These keys cannot abort uploads (s3:AbortMultipartUpload), so the server was not probed: a test upload would have been left behind",
  leftByTrying: (uri: string) =>
    `The probe could not clean up after itself: ${uri} is left behind as an object or an incomplete multipart upload; delete it with keys that are allowed to`,

  noName: "Enter a name for the connection",
  noAccessKeyId: "The access key ID is missing",
  noSecret: "The secret access key is missing",
  secretNotHere: (connection: string) =>
    `The secret key of “${connection}” is not available; sign in again`,
  connectionRemoved:
    "The connection of this upload was removed; add it again, or cancel the upload",
  noBucket: "Choose a bucket first",
  noUsualBucket:
    "The connection has no default bucket, which the server is probed with; choose one",
  noKeys: "No keys were found for this connection, neither in the environment nor in the profile",
  profileNameNotRead: (profile: string) =>
    `The AWS SDK does not read a profile named “${profile}”: give it a name of the letters A to Z, digits and _-/.%@:+`,
  noProfile: (profile: string) => `The AWS configuration has no profile named “${profile}”`,
  keysSilent: "The credential provider did not respond",
  keysNotGiven: (cause: string) => `The keys could not be obtained: ${cause}`,
  awsConfiguration: (cause: string) => `The AWS configuration cannot be used: ${cause}`,
  signInNeeded: (startUrl: string) =>
    `You are not signed in to ${startUrl}, or the sign-in has expired`,
  loginNeeded: (profile: string) =>
    `The session of the profile “${profile}” has expired; sign in with: aws login --profile ${profile}`,
  mfaCodeNeeded: (device: string) => `An MFA code is needed from ${device}`,
  noMfaCode: "An MFA code has six digits",
  noMfaDevice: "This connection does not need an MFA code",
  noStartUrl: (startUrl: string) =>
    `“${startUrl}” is not a start URL; it looks like https://example.awsapps.com/start`,
  noSsoRegion: "The region of IAM Identity Center is missing",
  noIdentityCenter: (profile: string) =>
    `The profile “${profile}” does not use IAM Identity Center: it has neither sso_session nor sso_start_url`,
  signInDenied: "The request to sign in was denied in the browser",
  signInTimedOut: "The sign-in was not completed in the browser in time",
  notTheService: (host: string) =>
    `Something else answered in the place of ${host}; the network may require a sign-in of its own, or a proxy is in the way`,
  signInFailed: (startUrl: string, cause: string) => `Signing in to ${startUrl} failed: ${cause}`,
  notAssumed: (roleArn: string, cause: string) =>
    `The role ${roleArn} could not be assumed: ${cause}`,
  noSession: (cause: string) => `AWS STS did not start a session: ${cause}`,
  keychain: {
    none: "No keychain is available on this computer",
    locked: "The keychain is locked, or there is none to unlock",
    tooLong: "The secret is too long for this keychain",
    refused: "The keychain denied access",
    silent: "The keychain did not respond",
  },

  otherBytes: "The server stored other bytes than were sent",
  otherObject: "The finished object does not match what was sent: the checksums differ",
  otherSize: (object: string, file: string) =>
    `The finished object has ${object}, but the file has ${file}`,
  noObject: "The server completed the upload, but the object does not exist",
  uploadGone: "The multipart upload disappeared from the server again and again",
  answeredEarly: "The server responded before it had received all bytes",

  heldAlready: "An upload in the list already uses this incomplete multipart upload",
  heldElsewhere: (folder: string) =>
    `Another instance of Windlass on this computer already uses this incomplete multipart upload; its list is in ${folder}`,
  unfinishedGone:
    "This incomplete multipart upload no longer exists on the server; it was completed or aborted in the meantime",
  unevenParts:
    "Its stored parts differ in size, and Windlass can resume an upload only if all parts but the last have the same size; finish it with the program that created it, or discard it",
  fileTooShort: (size: string, reaches: string) =>
    `Its stored parts extend to byte ${reaches}, but this file has only ${size}: it is not the file that was being uploaded`,
  nothingToSend: "The file is empty, so there is nothing to resume",
  otherSums: (algorithm: string) =>
    `It was created with ${algorithm} checksums, which Windlass does not support; only the program that created it can finish it`,
  otherFile: (n: number) =>
    `Too few of its ${counted(n, { one: "stored part", other: "stored parts" })} match this file (parts of zeros do not count), so it is a different file; nothing was sent, and the server was left unchanged`,
  notComparable:
    "The server reports nothing about its stored parts that could be compared with the file; nothing was sent",
  stillSent: "Parts of it keep arriving: another program is still uploading it",
  wrongDays: "A rule takes a whole number of days, at least 1",
  rulesUnread:
    "The bucket's lifecycle rules are in a form that Windlass could not preserve; nothing was changed",
  rulesNotKept:
    "The server did not keep the bucket's other lifecycle rules unchanged; the previous rules were restored",

  diskFull: "The disk with Windlass's list of uploads is full",
  journalReadOnly: "Windlass's list of uploads cannot be written: its folder is read-only",
  journalNotOpen: "Windlass's list of uploads cannot be opened; check that its folder is writable",
  journalDamaged:
    "Windlass's list of uploads is damaged; restart Windlass to recover what can be saved",
  notWritten: (path: string, cause: string) => `${path} cannot be written: ${cause}`,
};

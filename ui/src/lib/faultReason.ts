// A fault's reason in the words of the language that is spoken: the engine's own by its kind, a server's as it said it. Knows no
// element; every kind of the engine has its words, or this does not compile.
import { say } from "../i18n/language.svelte";
import { binary, bytes, count, took } from "./format";
import type { Fault, Unstable, Reason } from "./wire/wire";
import { bucketNameError } from "./bucketName";
import { optionError } from "./optionError";

/** What exactly, as a sentence without its end; empty where nobody said anything. */
export function faultReason(fault: Fault): string {
  return fault.reason ? reason(fault.reason) : fault.detail;
}

const MIB = 1024 * 1024;
const [LEAST_PART, MOST_PART, MOST_PARTS, LONGEST_KEY] = [5 * MIB, 5 * 1024 * MIB, 10_000, 1024];

function reason(of: Reason): string {
  const words = say.faultReason;
  switch (of.is) {
    case "fileGone":
    case "fileForbidden":
    case "fileInUse":
    case "isFolder":
    case "noFile":
      return words[of.is](of.path);
    case "fileUnreadable":
    case "notWritten":
      return words[of.is](of.path, of.cause);
    case "readingFailed":
    case "badRequest":
    case "awsConfiguration":
      return words[of.is](of.cause);
    case "diskSilent":
      return words.diskSilent(took(of.seconds * 1000), of.path);
    case "wrongSize":
      return of.read === null
        ? words.wrongSizeMore(exactly(of.size))
        : words.wrongSize(exactly(of.size), exactly(of.read));
    case "keepsChanging":
      return unstable(of.how);
    case "keyTooLong":
      return of.file === null
        ? words.keyTooLong(exactly(of.bytes), exactly(LONGEST_KEY))
        : words.keyTooLongOf(of.file, exactly(of.bytes), exactly(LONGEST_KEY));
    case "keyTaken":
      return words.keyTaken(of.bucket, of.key, bytes(of.size));
    case "keyTakenMeanwhile":
    case "keyTakenUnseen":
    case "mayNotLook":
      return words[of.is](of.bucket, of.key);
    case "tooLarge":
      return of.most === null
        ? words.tooLarge(exactly(of.size), binary(MOST_PART * MOST_PARTS))
        : words.tooLargeHere(exactly(of.size), exactly(of.most));
    case "partSize":
      return of.most === null
        ? words.partSize(binary(of.size), binary(LEAST_PART), binary(MOST_PART))
        : words.partSizeHere(binary(of.size), binary(of.most));
    case "tooManyParts":
      return words.tooManyParts(
        bytes(of.size),
        binary(of.partSize),
        count(MOST_PARTS),
        binary(of.fits * MIB),
      );
    case "noAnswer":
    case "endlessList":
    case "cutShort":
    case "slowDown":
    case "tooLargeForIt":
    case "unknownIssuer":
    case "clockAgrees":
      return words[of.is](of.place);
    case "silent":
      return words.silent(of.place, took(of.seconds * 1000));
    case "unreachable":
    case "badCertificate":
      return words[of.is](of.place, of.cause);
    case "notAProxy":
      return words.notAProxy(of.variable);
    case "proxyDown":
      return words.proxyDown(of.proxy, of.cause);
    case "proxyNotThrough":
      return words.proxyNotThrough(of.proxy, of.place, of.cause);
    case "proxyRefused":
      return words.proxyRefused(of.proxy, of.place, of.status);
    case "proxyNeedsLogin":
    case "proxyLoginRejected":
      return words[of.is](of.proxy);
    case "storeFull":
      return of.said === null ? words.storeFull(of.place) : words.storeFullSays(of.place, of.said);
    case "noSuchHost":
      return words.noSuchHost(of.host, of.cause);
    case "says":
      return words.says(of.place, of.text);
    case "gateway":
    case "serverFailed":
    case "refused":
      return words[of.is](of.place, of.status);
    case "notS3":
      return words.notS3(
        of.place,
        of.missing !== null
          ? words.without(of.missing)
          : of.status === null
            ? null
            : `HTTP ${of.status}`,
      );
    case "clock":
      return words.clock[of.seconds < 0 ? "behind" : "ahead"](
        of.place,
        took(Math.abs(of.seconds) * 1000),
      );
    case "noSuchBucket":
    case "bucketTaken":
      return words[of.is](of.bucket);
    case "bucketName":
      return bucketNameError(of.wrong);
    case "wrongRegion":
      return words.wrongRegion(of.region);
    case "leftByTrying":
      return words.leftByTrying(of.uri);
    case "noAddress":
    case "amazonOnly":
      return words[of.is](of.endpoint);
    case "certificates":
      return of.cause === null
        ? words.noCertificate(of.path)
        : words.certificates(of.path, of.cause);
    case "profileNameNotRead":
      return words.profileNameNotRead(of.profile);
    case "noProfile":
    case "loginNeeded":
    case "noIdentityCenter":
      return words[of.is](of.profile);
    case "signInNeeded":
    case "noStartUrl":
      return words[of.is](of.startUrl);
    case "mfaCodeNeeded":
      return words.mfaCodeNeeded(of.mfaSerial);
    case "notTheService":
      return words.notTheService(of.host);
    case "signInFailed":
      return words.signInFailed(of.startUrl, of.cause);
    case "notAssumed":
      return of.roleArn === null
        ? words.noSession(of.cause)
        : words.notAssumed(of.roleArn, of.cause);
    case "secretNotHere":
      return words.secretNotHere(of.connection);
    case "keysNotGiven":
      return of.cause === null ? words.keysSilent : words.keysNotGiven(of.cause);
    case "keychain":
      return words.keychain[of.how];
    case "heldElsewhere":
      return words.heldElsewhere(of.folder);
    case "fileTooShort":
      return words.fileTooShort(exactly(of.size), count(of.reaches));
    case "otherSums":
      return words.otherSums(of.algorithm);
    case "otherFile":
      return words.otherFile(of.parts);
    case "stored":
      return optionError(of.wrong);
    case "otherSize":
      return words.otherSize(exactly(of.object), exactly(of.file));
    default:
      return words[of.is];
  }
}

function unstable(how: Unstable): string {
  const words = say.faultReason.keepsChanging;
  switch (how.way) {
    case "for":
      return words.for(took(how.seconds * 1000));
    case "times":
      return words.times(how.times);
    case "whileCopied":
      return words.whileCopied;
    case "noCopy":
      return words.noCopy(how.cause);
  }
}

/** To the byte: what is a little too much looks the same when it is rounded. */
function exactly(n: number): string {
  return say.numbers.bytes(n);
}

// Every kind of event that the engine reports has a sentence in both languages: one sample of each, by the wire's own types.
import { afterEach, describe, expect, it } from "vitest";
import { cases } from "./cases";
import { language } from "../i18n/language.svelte";
import { describeCheck, describeEvent, describeEvidence, describeWaits } from "./describeEvents";
import { faultReason } from "./faultReason";
import type {
  Checked,
  Event,
  Evidence,
  Fault,
  Proof,
  BlockedOn,
  Reason,
  InvalidOption,
} from "./wire/wire";
import { optionError } from "./optionError";
import rows from "./wire/sentences.json";

/** One of each kind, by name: a kind without a sample does not compile. */
type Samples<T, Tag extends keyof T> = {
  [Kind in T[Tag] & string]: Omit<Extract<T, Record<Tag, Kind>>, Tag>;
};

const place = "https://s3.example.com";
const [bucket, key, path, cause, connection] = ["media", "a/b.mov", "/a/b.mov", "EIO", "Studio"];

const proxy = "proxy.example.com:3128";
const WHYS: Samples<Reason, "is"> = {
  fileGone: { path },
  profileNameNotRead: { profile: "Acme Film" },
  notTheService: { host: "portal.sso.eu-west-1.amazonaws.com" },
  fileForbidden: { path },
  fileInUse: { path },
  fileUnreadable: { path, cause },
  readingFailed: { cause },
  isFolder: { path },
  noFile: { path },
  diskSilent: { path, seconds: 60 },
  wrongSize: { size: 4096, read: 34 },
  changedWhileSent: {},
  keepsChanging: { how: { way: "for", seconds: 600 } },
  noKey: {},
  keyTooLong: { bytes: 2000, file: null },
  notUtf8: {},
  keyTaken: { bucket, key, size: 1_500_000 },
  keyTakenMeanwhile: { bucket, key },
  keyTakenUnseen: { bucket, key },
  mayNotLook: { bucket, key },
  tooLarge: { size: 60_000_000_000_000, most: null },
  partSize: { size: 1024 * 1024, most: null },
  tooManyParts: { size: 1_000_000_000_000, partSize: 5 * 1024 * 1024, fits: 96 },
  noAnswer: { place },
  silent: { place, seconds: 30 },
  unreachable: { place, cause },
  says: { place, text: "Access Denied (AccessDenied)" },
  gateway: { place, status: 502 },
  endlessList: { place },
  tooLargeForIt: { place },
  storeFull: { place, said: "Quota exceeded" },
  noSuchHost: { host: "s3.example.com", cause },
  unknownIssuer: { place },
  badCertificate: { place, cause },
  notAProxy: { variable: "HTTPS_PROXY" },
  proxyDown: { proxy, cause },
  proxyNotThrough: { proxy, place, cause },
  proxyRefused: { proxy, place, status: 403 },
  proxyNeedsLogin: { proxy },
  proxyLoginRejected: { proxy },
  cutShort: { place },
  slowDown: { place },
  serverFailed: { place, status: 500 },
  refused: { place, status: 403 },
  notS3: { place, status: 404, missing: null },
  badRequest: { cause },
  clock: { place, seconds: -7500 },
  clockAgrees: { place },
  noSuchBucket: { bucket },
  bucketName: { wrong: { rule: "tooShort" } },
  bucketTaken: { bucket },
  wrongRegion: { region: "eu-central-1" },
  noAddress: { endpoint: "s3" },
  amazonOnly: { endpoint: place },
  accelerateAlone: {},
  certificates: { path, cause },
  noMultipart: {},
  mayNotAbort: {},
  leftByTrying: { uri: "s3://b/k" },
  noName: {},
  noAccessKeyId: {},
  noSecret: {},
  secretNotHere: { connection },
  connectionRemoved: {},
  noBucket: {},
  noUsualBucket: {},
  noKeys: {},
  noProfile: { profile: "work" },
  keysNotGiven: { cause },
  signInNeeded: { startUrl: "https://example.awsapps.com/start" },
  loginNeeded: { profile: "work" },
  mfaCodeNeeded: { mfaSerial: "arn:aws:iam::123456789012:mfa/ada" },
  noMfaCode: {},
  noMfaDevice: {},
  noStartUrl: { startUrl: "example" },
  noSsoRegion: {},
  noIdentityCenter: { profile: "work" },
  signInDenied: {},
  signInTimedOut: {},
  signInFailed: { startUrl: "https://example.awsapps.com/start", cause },
  notAssumed: { roleArn: "arn:aws:iam::123456789012:role/upload", cause },
  awsConfiguration: { cause },
  keychain: { how: "locked" },
  otherBytes: {},
  otherObject: {},
  otherSize: { object: 5, file: 7 },
  noObject: {},
  uploadGone: {},
  answeredEarly: {},
  heldAlready: {},
  heldElsewhere: { folder: "/home/ada/runs" },
  unfinishedGone: {},
  unevenParts: {},
  fileTooShort: { size: 5, reaches: 7 },
  nothingToSend: {},
  otherSums: { algorithm: "SHA256" },
  otherFile: { parts: 3 },
  notComparable: {},
  stillSent: {},
  wrongDays: {},
  rulesUnread: {},
  rulesNotKept: {},
  stored: { wrong: { thing: "linkTime" } },
  diskFull: {},
  journalReadOnly: {},
  journalNotOpen: {},
  journalDamaged: {},
  notWritten: { path, cause },
};

const [name, md5] = ["größe", "tP/LI3N87DFaSk0aoqYgzg=="];

const WRONGS: Samples<InvalidOption, "thing"> = {
  characters: { header: "Cache-Control" },
  notAscii: { header: "Cache-Control" },
  acl: { acl: "everybody" },
  lockDays: { days: 0 },
  kmsKeyAlone: {},
  twoEncryptions: {},
  tags: { count: 11 },
  tagName: { name },
  tagValue: { name },
  tagCharacter: { name, character: "&" },
  tagReserved: { name: "aws:x" },
  tagTwice: { name },
  metadataName: { name },
  metadataTwice: { name },
  metadataSize: { bytes: 2049 },
  keyForm: {},
  keyLength: { bytes: 31 },
  keyNotHere: { md5 },
  keyNeedsHttps: { endpoint: place },
  otherKey: { key, md5 },
  notEncrypted: { place },
  notLocked: { cause },
  linkTime: {},
  linkNotDone: {},
  linkOwnKey: {},
  linkUnsigned: {},
  linkSessionEnded: {},
};

const nothing = { part: null, status: null, code: null, requestId: null };
const because = (of: Reason): Fault => ({ kind: "offline", ...nothing, detail: "x", reason: of });
const fault = because({ is: "noAnswer", place });
const proof: Proof = {
  algorithm: "CRC64NVME",
  type: "FULL_OBJECT",
  value: "x",
  compared: "wholeObject",
  parts: null,
};

const EVENTS: Samples<Event, "did"> = {
  queued: {},
  started: {},
  resumed: {},
  paused: {},
  cancelled: {},
  failed: { fault },
  waiting: { fault },
  reconnected: { seconds: 24 },
  slept: { seconds: 7500 },
  resent: { part: 7, times: 1, fault },
  moreResent: {},
  foundStored: { stored: 3, parts: 9, bytes: 50_000_000 },
  foundIncomplete: {},
  adopted: { parts: 3, bytes: 50_000_000 },
  released: {},
  restarted: { because: "gone" },
  beingChanged: {},
  changed: { again: 3, more: 4 },
  copied: {},
  keyTaken: {},
  answered: { answer: "replace" },
  keptBoth: { key },
  skipped: {},
  responseLost: {},
  probed: {},
  probeFailed: { fault },
  probedAgain: {},
  abortedEmpty: {},
  mayBeLeftBehind: {},
  done: { proof },
  text: { text: "As an older version wrote it" },
};

const WAITS: Samples<BlockedOn, "for"> = {
  outOfReach: { fault },
  again: { fault },
  still: {},
  comparing: { part: 2, parts: 9 },
  copying: {},
  asking: {},
};

const CHECKED: Samples<Checked, "found"> = {
  answers: {},
  answersThrough: { proxy },
  clockAgrees: {},
  unsigned: {},
  keysAccepted: {},
  bucketThere: { bucket },
  mayUpload: {},
  sums: { algorithm: "CRC64NVME", of: "objects" },
};

const runs = {
  parts: [
    { first: 3, last: 3 },
    { first: 7, last: 9 },
  ],
  more: true,
};
const EVIDENCE: Samples<Evidence, "tells"> = {
  there: {},
  absent: {},
  value: { algorithm: "MD5", value: "abc" },
  values: { algorithm: "MD5", ours: "abc", theirs: "def", against: "file" },
  size: { bytes: 41_943_040 },
  sizes: { ours: 5, theirs: 7, against: "receipt" },
  none: {},
  notHowLong: {},
  otherVersion: { kept: true },
  partsUntold: {},
  partCount: { sent: 5, there: 7 },
  partsDiffer: runs,
  partsSame: { parts: 5, sums: true },
  fileSize: { now: 5, sent: 7 },
  fileSame: {},
  fileChanged: runs,
  refused: { fault },
};

function all<T extends object>(samples: object, tag: string, tell: (of: T) => string) {
  return Object.entries(samples).map(
    ([kind, values]: [string, object]): [kind: string, tell: () => string] => [
      `${tag} ${kind}`,
      () => tell({ [tag]: kind, ...values } as T),
    ],
  );
}

const EVERY = [
  ...all<Reason>(WHYS, "is", (of) => faultReason(because(of))),
  ...all<InvalidOption>(WRONGS, "thing", optionError),
  ...all<Event>(EVENTS, "did", describeEvent),
  ...all<BlockedOn>(WAITS, "for", describeWaits),
  ...all<Checked>(CHECKED, "found", describeCheck),
  ...all<Evidence>(EVIDENCE, "tells", describeEvidence),
];
/** The engine's own samples, from which `sentences.test.ts` compares the English of both. */
const IN_RUST: [type: string, tag: string, samples: object][] = [
  ["reason", "is", WHYS],
  ["invalidOption", "thing", WRONGS],
  ["event", "did", EVENTS],
  ["blockedOn", "for", WAITS],
  ["checked", "found", CHECKED],
  ["evidence", "tells", EVIDENCE],
];

it(
  "has a sample of every kind in sentences.json",
  cases("%s", IN_RUST, (type, tag, samples) => {
    const kinds = rows.flatMap(({ type: of, value }) =>
      of === type ? [(value as Record<string, unknown>)[tag]] : [],
    );
    expect([...new Set(kinds)].sort()).toEqual(Object.keys(samples).sort());
  }),
);

/** Somebody else's words, and values without any. */
const SAME = new Set(["did text", "tells value"]);

afterEach(() => {
  language.wanted = "system";
});

function inBoth(tell: () => string): [string, string] {
  language.wanted = "en";
  const english = tell();
  language.wanted = "de";
  return [english, tell()];
}

it(
  "has a sentence for every kind, in both languages",
  cases("%s", EVERY, (kind, tell) => {
    const [english, german] = inBoth(tell);
    for (const text of [english, german]) {
      expect(text).not.toBe("");
      expect(text).not.toMatch(/undefined|null|NaN|\[object|=>|\.$/);
    }
    if (!SAME.has(kind)) expect(german).not.toBe(english);
  }),
);

describe("values", () => {
  it("are written as the language writes them", () => {
    const size = () => describeEvidence({ tells: "size", bytes: 41_943_040 });
    expect(inBoth(size)).toEqual(["41,943,040 bytes", "41.943.040 Byte"]);
    const parts = () => describeEvidence({ tells: "partsDiffer", ...runs });
    expect(inBoth(parts)).toEqual([
      "different from what was sent: 3, 7 to 9 and more",
      "abweichend vom Gesendeten: 3, 7 bis 9 und weitere",
    ]);
  });

  it("choose the sentence", () => {
    language.wanted = "en";
    const changed = (again: number, more: number) => describeEvent({ did: "changed", again, more });
    expect(changed(1, 1)).toMatch(/resending 1 part$/);
    expect(changed(0, 2)).toMatch(/no stored part differs, 2 parts left to send$/);
    expect(changed(0, 0)).toMatch(/nothing needs to be resent$/);
    const again = (part: number | null, times: number) =>
      describeEvent({ did: "resent", part, times, fault });
    expect(again(7, 4)).toMatch(/^Resending part 7 after 4 attempts: https/);
    expect(again(null, 1)).toMatch(/^Resending the file: https/);
    const clock = (seconds: number) => faultReason(because({ is: "clock", place, seconds }));
    expect(clock(60)).toContain("1 min ahead of");
    expect(clock(-7500)).toContain("2 h 5 min behind");
    expect(faultReason(because({ is: "certificates", path, cause: null }))).toContain("PEM");
    expect(describeEvidence({ tells: "fileChanged", parts: [], more: false })).toBe(
      "it has changed since the upload",
    );
  });

  it("leave a server its own words", () => {
    language.wanted = "de";
    const said = "s3 says: Access Denied (AccessDenied)";
    expect(faultReason({ kind: "denied", ...nothing, detail: said, reason: null })).toBe(said);
  });
});

// The data of the mock's scenes: connections, notices and uploads.
import { plainOptions } from "../../objectOptions";
import { DAYS } from "../../hours";
import { OLD } from "./capabilities";
import type {
  Connection,
  Deadline,
  ExistingObject,
  Fault,
  FaultKind,
  ScheduledLimit,
  Notice,
  Status,
  BlockedOn,
  Reason,
} from "../../wire/wire";

export type Scene =
  | "empty"
  | "connected"
  | "queue"
  | "many"
  | "hours"
  | "failed"
  | "changing"
  | "conflicts"
  | "done"
  | "slow"
  | "nokeychain"
  | "notices"
  | "offline"
  | "signedOut";

export type Seed = {
  name: string;
  folder: string;
  size: number;
  status: Status;
  /** fraction stored */
  stored: number;
  /** how far each part in flight is, in percent */
  sending?: number[];
  partSize: number;
  rate: number;
  fault?: Fault;
  /** the object that has its key */
  existing?: ExistingObject;
  /** what keeps it from going on */
  waits?: BlockedOn;
  /** parts sent again because the file changed */
  resent?: number;
  /** what ends before it does */
  deadline?: Deadline;
};

const GB = 1_000_000_000;
const MB = 1_000_000;
const MiB = 1024 * 1024;
const AMAZON = "Amazon S3";
export const says = (text: string): Reason => ({ is: "says", place: AMAZON, text });

export function faultOf(kind: FaultKind, detail: string, more: Partial<Fault> = {}): Fault {
  const nothing = { part: null, status: null, code: null, requestId: null, reason: null };
  return { kind, ...nothing, detail, ...more };
}

/** In the engine's own words, which the window says in its language. */
export function because(kind: FaultKind, why: Reason, more: Partial<Fault> = {}): Fault {
  return faultOf(kind, "", { reason: why, ...more });
}

export const PRACTICE: Connection = {
  id: "practice",
  name: "Practice",
  preset: "practice",
  endpoint: "http://127.0.0.1:9478",
  region: "us-east-1",
  pathStyle: true,
  sign: { with: "keys", accessKeyId: "PRACTICE7Q2X" },
  role: null,
  bucket: "practice",
  prefix: "",
  caBundle: null,
  proxy: { by: "system" },
  endpointOptions: { dualStack: false, fips: false, accelerate: false },
  practice: true,
  signedIn: "session",
  probed: null,
  stored: plainOptions(),
  ifExists: null,
};

export const STUDIO: Connection = {
  id: "studio",
  name: "Studio",
  preset: "aws",
  endpoint: null,
  region: "us-east-1",
  pathStyle: false,
  sign: { with: "keys", accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
  role: null,
  bucket: "media-prod",
  prefix: "2026/08/",
  caBundle: null,
  proxy: { by: "system" },
  endpointOptions: { dualStack: false, fips: false, accelerate: false },
  practice: false,
  signedIn: "keychain",
  probed: null,
  stored: plainOptions(),
  ifExists: null,
};

const CEPH: Connection = {
  ...STUDIO,
  id: "ceph",
  name: "Basement archive (Ceph, read-write for the restoration team)",
  preset: "ceph",
  endpoint: "https://ceph.archive.example.internal:7480",
  region: "default",
  pathStyle: true,
  bucket: null,
  prefix: "",
  signedIn: "missing",
};

const LAB: Connection = {
  ...STUDIO,
  id: "lab",
  name: "Lab",
  preset: "other",
  endpoint: "https://s3.lab.example.org",
  pathStyle: true,
  bucket: "lab-scans-2026",
  prefix: "",
  probed: { at: Date.UTC(2026, 7, 14, 9, 30), capabilities: OLD },
};

const BY_SIGN_IN: Pick<Connection, "sign" | "role" | "signedIn"> = {
  sign: {
    with: "identityCenter",
    center: {
      startUrl: "https://example.awsapps.com/start",
      ssoRegion: "eu-west-1",
      sessionName: null,
    },
    accountId: "111111111111",
    roleName: "Upload",
  },
  role: null,
  signedIn: "notNeeded",
};

export function connectionsOf(scene: Scene): Connection[] {
  if (scene === "empty" || scene === "nokeychain") return [];
  if (scene === "connected") return [PRACTICE];
  if (scene === "signedOut") return [{ ...STUDIO, ...BY_SIGN_IN }, PRACTICE, LAB];
  return [STUDIO, PRACTICE, LAB, CEPH];
}

function seed(name: string, size: number, status: Status, stored = 0, rate = 0): Seed {
  const partSize = size > 100 * GB ? 80 * MiB : 16 * MiB;
  return { name, folder: "2026/08/", size, status, stored, partSize, rate };
}

const LONG =
  "Interview with the lighthouse keeper, second night, camera B, graded, with burnt-in timecode v17 (final).mov";

const BUSY: Seed[] = [
  seed("render_v3.mov", 41.2 * GB, "sending", 0.61, 84 * MB),
  seed("audio.wav", 6.4 * GB, "sending", 0.16, 12 * MB),
  { ...seed("scan_0412.tif", 2.1 * GB, "failed", 0.4), fault: denied("media-prod") },
  seed("A001_C002_0612XY.mov", 182 * GB, "paused", 0.33),
  seed(LONG, 9.8 * GB, "sending", 0.02, 3.2 * MB),
  { ...seed("proxy_0000.mp4", 310 * MB, "failed"), fault: exists("proxy_0000.mp4") },
  seed("dailies_monday.zip", 77 * GB, "completing", 1),
];

/** The object that a file of this size was skipped for. */
export const sameSize = (size: number): ExistingObject => ({
  askedAt: Date.now(),
  size,
  modifiedAt: Date.UTC(2026, 7, 14, 9, 30),
  etag: null,
  fileSize: size,
  fileModifiedAt: Date.UTC(2026, 7, 14, 9, 28),
  bytes: { are: "unknown" },
});

/** Said in the upload sheet of that line. */
export const SIGN_IN_ENDS: Deadline = {
  rate: 3_200_000,
  needs: 14_400,
  ends: { what: "signIn", within: 3_600 },
};

/** Big parts on a slow line, each some way there; and one that is pausing, which finishes its last part. */
const SLOW: Seed[] = [
  { ...seed("render_v3.mov", 41.2 * GB, "pausing", 0.61, 9 * MB), sending: [91] },
  {
    ...seed("A001_C002_0612XY.mov", 182 * GB, "sending", 0.33, 3.2 * MB),
    sending: [88, 71, 64, 52, 47, 33, 21, 9],
    deadline: {
      rate: 3_200_000,
      needs: 39_600,
      ends: { what: "upload", within: 7_200, days: 7, by: "provider" },
    },
  },
  { ...seed(LONG, 9.8 * GB, "sending", 0.02, 2.1 * MB), sending: [80, 60, 60, 40, 40, 30, 20, 10] },
  seed("session_7.wav", 48 * MB, "sending", 0, 5 * MB),
];

function denied(bucket: string): Fault {
  const text = `User ada may not perform s3:PutObject on ${bucket} (AccessDenied)`;
  return because("denied", says(text), {
    status: 403,
    code: "AccessDenied",
    requestId: "4442587FB7D0A2F9",
    part: 17,
  });
}

function exists(name: string): Fault {
  const why: Reason = {
    is: "keyTaken",
    bucket: "media-prod",
    key: `2026/08/${name}`,
    size: 310 * MB,
  };
  return because("exists", why, { status: 412 });
}

function asking(of: Seed, size: number | null, bytes: ExistingObject["bytes"]): Seed {
  const existing: ExistingObject = {
    askedAt: Date.UTC(2026, 7, 14, 9, 30),
    size,
    modifiedAt: size === null ? null : Date.UTC(2026, 7, 12, 16, 3, 20),
    etag: size === null ? null : "9b2cf535f27731c974343645a3985328-40",
    fileSize: of.size,
    fileModifiedAt: Date.UTC(2026, 7, 14, 8, 55, 1),
    bytes,
  };
  return { ...of, existing };
}

function changing(minutes: number): Fault {
  const why: Reason = { is: "keepsChanging", how: { way: "for", seconds: minutes * 60 } };
  return because("sourceChanged", why);
}

const PLACE = "https://s3.example.com";
export const UNREACHABLE = because("offline", {
  is: "unreachable",
  place: PLACE,
  cause: "Connection refused",
});
const lost = (fault: Fault): BlockedOn => ({ for: "outOfReach", fault });
const WAITS = [
  lost(UNREACHABLE),
  lost(because("wrongPlace", { is: "notS3", place: PLACE, status: 200, missing: null })),
  lost(because("offline", { is: "gateway", place: PLACE, status: 502 })),
] as const;

const SIGNED_OUT = lost(
  because("signIn", { is: "signInNeeded", startUrl: "https://example.awsapps.com/start" }),
);
const CODE_NEEDED = lost(
  because("signIn", { is: "mfaCodeNeeded", mfaSerial: "arn:aws:iam::111111111111:mfa/ada" }),
);

const AGAIN: BlockedOn = {
  for: "again",
  fault: because("throttled", { is: "slowDown", place: PLACE }),
};

export function noticesOf(scene: Scene): Notice[] {
  if (scene !== "notices") return [];
  const folder = "/home/ada/.local/share/io.github.windlassapp.Windlass";
  return [
    {
      kind: "journalAside",
      saved: 12,
      fault: null,
      path: `${folder}/journal.sqlite.damaged-2026-08-14-0312`,
    },
    {
      kind: "settingsAside",
      saved: null,
      fault: null,
      path: `${folder}/settings.json.damaged-2026-08-14-0312`,
    },
    {
      kind: "journalFull",
      saved: null,
      fault: because("storage", { is: "diskFull" }),
      path: folder,
    },
  ];
}

export function hoursOf(scene: Scene): ScheduledLimit[] {
  if (scene !== "hours") return [];
  const [work, weekend] = [DAYS.slice(0, 5), DAYS.slice(5)];
  return [
    { days: work, from: 12 * 60, until: 13 * 60, limit: null },
    { days: work, from: 8 * 60, until: 18 * 60, limit: 2.5 * MB },
    { days: weekend, from: 22 * 60, until: 6 * 60, limit: 100 * MB },
    { days: [], from: 0, until: 0, limit: 20 * MB },
  ];
}

export function uploadsOf(scene: Scene): Seed[] {
  switch (scene) {
    case "empty":
    case "connected":
    case "nokeychain":
      return [];
    case "queue":
    case "hours":
    case "notices":
      return [...BUSY, ...numbered(12, "waiting"), ...numbered(6, "done", 40)];
    case "offline":
      return [
        { ...seed("render_v3.mov", 41.2 * GB, "offline", 0.61), waits: WAITS[0] },
        { ...seed(LONG, 9.8 * GB, "offline", 0.02), waits: WAITS[1] },
        { ...seed("audio.wav", 6.4 * GB, "offline", 0.16), waits: WAITS[2] },
        { ...seed("scan_0412.tif", 2.1 * GB, "preparing"), waits: AGAIN },
        ...numbered(12, "done", 40),
      ];
    case "signedOut":
      return [
        { ...seed("render_v3.mov", 41.2 * GB, "offline", 0.61), waits: SIGNED_OUT },
        { ...seed(LONG, 9.8 * GB, "offline", 0.02), waits: SIGNED_OUT },
        { ...seed("audio.wav", 6.4 * GB, "offline", 0.16), waits: CODE_NEEDED },
        ...numbered(3, "waiting"),
        ...numbered(12, "done", 40),
      ];
    case "changing":
      return [
        { ...seed("timelapse_north.mov", 41.2 * GB, "failed", 0.61), fault: changing(10) },
        { ...seed("nightly.vmdk", 182 * GB, "failed", 0.07), fault: changing(12) },
        {
          ...seed("scan_0412.tif", 2.1 * GB, "failed", 0.4),
          fault: because("sourceChanged", { is: "changedWhileSent" }),
        },
        { ...seed("session_7.wav", 2.4 * GB, "done", 1), resent: 3 },
        ...numbered(6, "done", 40),
      ];
    case "conflicts":
      return [
        seed("render_v3.mov", 41.2 * GB, "sending", 0.61, 84 * MB),
        asking(seed("proxy_0000.mp4", 310 * MB, "needsAnswer"), 310 * MB, {
          are: "same",
          algorithm: "CRC64NVME",
        }),
        asking(seed(LONG, 9.8 * GB, "needsAnswer"), 9.6 * GB, { are: "differ" }),
        asking(seed("scan_0412.tif", 2.1 * GB, "needsAnswer"), 2.1 * GB, { are: "unknown" }),
        asking(seed("audio.wav", 6.4 * GB, "needsAnswer"), null, { are: "unknown" }),
        { ...seed("proxy_0001.mp4", 310 * MB, "failed"), fault: denied("media-prod") },
        ...numbered(4, "waiting", 10),
        ...numbered(6, "done", 40),
      ];
    case "slow":
      return [...SLOW, ...numbered(6, "waiting"), ...numbered(6, "done", 40)];
    case "many":
      return [...BUSY, ...numbered(100_000, "waiting")];
    case "failed":
      return (
        [
          ["offline", { is: "noAnswer", place: AMAZON }],
          ["credentials", says("The AWS Access Key Id does not exist (InvalidAccessKeyId)")],
          ["keychain", { is: "keychain", how: "locked" }],
          ["denied", says("Access Denied (AccessDenied)")],
          ["wrongPlace", { is: "wrongRegion", region: "eu-central-1" }],
          ["clock", { is: "clock", place: AMAZON, seconds: -14 * 60 }],
          ["exists", { is: "keyTaken", bucket: "media-prod", key: "scan_6.tif", size: 2.1 * GB }],
          ["sourceMissing", { is: "fileGone", path: "/Volumes/T7/scans/scan_7.tif" }],
          ["sourceChanged", { is: "changedWhileSent" }],
          ["checksum", { is: "otherObject" }],
          ["unsupported", { is: "noMultipart" }],
          ["storage", { is: "diskFull" }],
          ["throttled", { is: "slowDown", place: AMAZON }],
          ["server", { is: "serverFailed", place: AMAZON, status: 500 }],
          ["bug", "index out of bounds: the len is 4 but the index is 4"],
          ["denied", { is: "mayNotLook", bucket: "media-prod", key: "scan_15.tif" }],
        ] satisfies [FaultKind, string | Reason][]
      ).map(([kind, what], index) => {
        const more = kind === "denied" ? { status: 403, code: "AccessDenied" } : {};
        return {
          ...seed(`scan_${index}.tif`, 2.1 * GB, "failed", (index % 4) / 5),
          fault: typeof what === "string" ? faultOf(kind, what, more) : because(kind, what, more),
        };
      });
    case "done":
      return numbered(24, "done").map((one, at) => ({
        ...one,
        ...(at % 8 === 7 && { status: "skipped" as const, stored: 0 }),
        size: at === 18 ? 12 * MB : one.size,
        resent: at === 1 ? 3 : 0,
      }));
  }
}

function numbered(many: number, status: Status, from = 1): Seed[] {
  return Array.from({ length: many }, (_, index) => {
    const number = String(index + from).padStart(4, "0");
    const size = (80 + ((index * 37) % 900)) * MB;
    return seed(`proxy_${number}.mp4`, size, status, status === "done" ? 1 : 0);
  });
}

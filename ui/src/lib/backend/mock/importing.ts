// The connections of other programs on the stand-in's computer, and what keys have to be allowed; knows no time.
import type {
  Connection,
  FoundConnection,
  FoundConnections,
  NotImportable,
  SmallestPolicy,
} from "../../wire/wire";
import { plainOptions } from "../../objectOptions";

const RCLONE = "/home/ada/.config/rclone/rclone.conf";
const DUCK = "/home/ada/.duck/Bookmarks/lab.duck";

const found = (one: Partial<FoundConnection> & { name: string }): FoundConnection => ({
  id: `${one.program ?? "rclone"}:${one.file ?? RCLONE}#${one.name}`,
  program: "rclone",
  file: RCLONE,
  preset: "other",
  endpoint: null,
  region: "us-east-1",
  pathStyle: true,
  sign: { with: "keys", accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
  secret: "inFile",
  bucket: null,
  prefix: "",
  leftOut: [],
  known: false,
  ...one,
});

const FOUND: FoundConnection[] = [
  found({ name: "archive", preset: "aws", region: "eu-central-1", pathStyle: false }),
  found({
    name: "offsite",
    preset: "r2",
    endpoint: "https://9c1f4e.eu.r2.cloudflarestorage.com",
    region: "auto",
    sign: { with: "keys", accessKeyId: "b7e2c0ffee" },
  }),
  found({
    name: "build-server",
    preset: "aws",
    sign: { with: "environment" },
    secret: "notNeeded",
    leftOut: ["role_arn", "sse_customer_key"],
  }),
  found({
    program: "cyberduck",
    file: DUCK,
    name: "Lab scans",
    endpoint: "https://s3.lab.example:9443",
    region: "lab-1",
    sign: { with: "keys", accessKeyId: "LABKEY" },
    secret: "notInFile",
    bucket: "scans",
    prefix: "2026/",
  }),
];

const NOT: NotImportable[] = [
  { program: "rclone", file: RCLONE, name: "gdrive", why: { is: "notS3", kind: "drive" } },
  {
    program: "mc",
    file: "/home/ada/.mc/config.json",
    name: null,
    why: { is: "malformed" },
  },
];

/** Known are those whose names are there. */
export function importable(connections: readonly Connection[]): FoundConnections {
  const names = new Set(connections.map((one) => one.name));
  return { found: FOUND.map((one) => ({ ...one, known: names.has(one.name) })), not: NOT };
}

export function imported(ids: readonly string[], remember: boolean): Connection[] {
  return FOUND.filter((one) => ids.includes(one.id)).map((one) => ({
    id: `imported-${one.name.toLowerCase().replace(/\W/g, "-")}`,
    name: one.name,
    preset: one.preset,
    endpoint: one.endpoint,
    region: one.region,
    pathStyle: one.pathStyle,
    sign: one.sign,
    role: null,
    bucket: one.bucket,
    prefix: one.prefix,
    caBundle: null,
    proxy: { by: "system" },
    endpointOptions: { dualStack: false, fips: false, accelerate: false },
    practice: false,
    ifExists: null,
    signedIn:
      one.secret === "notNeeded"
        ? "notNeeded"
        : one.secret === "notInFile"
          ? "missing"
          : remember
            ? "keychain"
            : "session",
    probed: null,
    stored: plainOptions(),
  }));
}

/** As the engine makes it, but for what options add. */
export function policyOf(bucket: string | null, prefix: string, preset: string): SmallestPolicy {
  if (preset === "r2") {
    const text = `R2 API token: permission "Object Read & Write", applied to the bucket ${bucket} only`;
    return { text, isPolicy: false };
  }
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Upload",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
        Resource: `arn:aws:s3:::${bucket}/${prefix}*`,
      },
    ],
  };
  return { text: JSON.stringify(policy, null, 2), isPolicy: true };
}

// The capabilities of the mock's servers: one documented, one probed, one not probed yet.
import type { Connection, Limits, Capabilities, ServerCapabilities } from "../../wire/wire";

const GiB = 1024 ** 3;
const LIMITS: Limits = {
  maxPart: 5 * GiB,
  maxObject: 50_000 * GiB,
};

/** Everything that S3 does today. */
const S3: Capabilities = {
  checksumMode: "crc64Nvme",
  checksParts: "yes",
  checksWhole: "yes",
  reportsChecksum: "yes",
  trailers: "yes",
  objectSize: "yes",
  etagMd5: "no",
  equalParts: false,
  conditionalPut: "yes",
  conditionalComplete: "yes",
  listsParts: "yes",
  listsUploads: "yes",
  attributes: "yes",
  abortsAfterDays: null,
  limits: LIMITS,
};

const GUESSED: Capabilities = {
  ...S3,
  checksParts: "unknown",
  checksWhole: "unknown",
  reportsChecksum: "unknown",
  trailers: "no",
  objectSize: "unknown",
  etagMd5: "unknown",
  conditionalPut: "unknown",
  conditionalComplete: "unknown",
  listsParts: "unknown",
  listsUploads: "unknown",
  attributes: "no",
};

/** A server that supports MD5 and no newer checksum. */
export const OLD: Capabilities = {
  ...S3,
  checksumMode: "md5",
  checksWhole: "no",
  reportsChecksum: "no",
  trailers: "no",
  objectSize: "no",
  etagMd5: "yes",
  equalParts: true,
  conditionalComplete: "no",
  attributes: "no",
  abortsAfterDays: 7,
  limits: { ...LIMITS, maxObject: 5 * 1024 * GiB },
};

export function capabilitiesOf(connection: Connection): ServerCapabilities {
  const { probed } = connection;
  if (probed) return { known: "probed", ...probed };
  if (connection.preset === "aws") return { known: "documented", at: null, capabilities: S3 };
  return { known: "notProbed", at: null, capabilities: GUESSED };
}

/** The connection after its server was probed. */
export function withProbe(connection: Connection, at: number): Connection {
  return { ...connection, probed: { at, capabilities: connection.probed?.capabilities ?? S3 } };
}

// What the stand-in's servers take: one known from its documentation, one asked, one nobody asked yet; knows no time.
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
  givesBack: "yes",
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
  checksParts: "unasked",
  checksWhole: "unasked",
  givesBack: "unasked",
  trailers: "no",
  objectSize: "unasked",
  etagMd5: "unasked",
  conditionalPut: "unasked",
  conditionalComplete: "unasked",
  listsParts: "unasked",
  listsUploads: "unasked",
  attributes: "no",
};

/** A server that knows the parts' MD5s and nothing newer. */
export const OLD: Capabilities = {
  ...S3,
  checksumMode: "md5",
  checksWhole: "no",
  givesBack: "no",
  trailers: "no",
  objectSize: "no",
  etagMd5: "yes",
  equalParts: true,
  conditionalComplete: "no",
  attributes: "no",
  abortsAfterDays: 7,
  limits: { ...LIMITS, maxObject: 5 * 1024 * GiB },
};

export function mannersOf(connection: Connection): ServerCapabilities {
  const { probed: asked } = connection;
  if (asked) return { known: "asked", at: asked.at, capabilities: asked.capabilities };
  if (connection.preset === "aws") return { known: "documented", at: null, capabilities: S3 };
  return { known: "unasked", at: null, capabilities: GUESSED };
}

/** The connection once its server has answered. */
export function askedOf(connection: Connection, at: number): Connection {
  return { ...connection, probed: { at, capabilities: connection.probed?.capabilities ?? S3 } };
}

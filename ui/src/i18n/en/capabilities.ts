// A server's capabilities, line by line, and how they are known.
import { counted } from "../counted";

export const capabilities = {
  title: "Server capabilities",
  mark: { yes: "Yes", no: "No", unknown: "Unknown" },
  documented: "From the server's documentation",
  probed: "Probed",
  probedOn: (day: string) => `Probed on ${day}`,
  notProbed: "Not probed yet: Windlass probes the server before the first large upload",

  checksumMode: {
    crc64Nvme: "Verifies whole files by CRC64NVME",
    crc32c: "Verifies whole files by CRC32C",
    crc32: "Verifies whole files by CRC32",
    crc32cComposite: "Verifies whole files by a composite checksum (CRC32C)",
    crc32Composite: "Verifies whole files by a composite checksum (CRC32)",
    md5: "Verifies parts by their MD5",
  },
  checksParts: "Rejects parts that arrived damaged",
  checksWhole: "Rejects a file that arrived damaged",
  reportsChecksum: "Reports checksums later",
  trailers: "Supports trailing checksums, so that files are read only once",
  overwriting: "Can refuse to overwrite",
  overwritingSmall: "Can refuse to overwrite, for small files only",
  overwritingLarge: "Can refuse to overwrite, for large files only",
  listsUploads: "Lists incomplete uploads",
  attributes: "Reports the parts of an object",
  equalParts: "Requires parts of equal size",
  abortsAfter: (days: number) =>
    `Aborts incomplete uploads after ${counted(days, { one: "day", other: "days" })}`,
  maxPart: (size: string) => `Maximum part size: ${size}`,
  maxObject: (size: string) => `Maximum object size: ${size}`,

  probe: "Probe the server",
  probing: "Probing...",
  needsBucket: "Probing needs a test upload: enter a bucket above and save.",
  probesIn: (bucket: string) => `Makes a test upload to ${bucket} and deletes it again.`,
};

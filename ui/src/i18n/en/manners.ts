// What a server takes, line by line, and how that is known.
import { counted } from "../counted";

export const manners = {
  title: "What the server takes",
  mark: { yes: "Yes", no: "No", unasked: "Not known" },
  documented: "From the server's documentation",
  asked: "Asked",
  askedOn: (day: string) => `Asked on ${day}`,
  unasked: "Not asked yet: Windlass asks before the first large upload",

  rung: {
    crc64Nvme: "Whole files are compared by CRC64NVME",
    crc32c: "Whole files are compared by CRC32C",
    crc32: "Whole files are compared by CRC32",
    crc32cComposite: "Whole files are compared by a checksum of the parts' checksums (CRC32C)",
    crc32Composite: "Whole files are compared by a checksum of the parts' checksums (CRC32)",
    md5: "Parts are compared by their MD5",
  },
  checksParts: "Refuses a damaged part",
  checksWhole: "Refuses a wrong whole",
  givesBack: "Tells the checksum again later",
  trailers: "Lets Windlass read a file only once",
  overwriting: "Can refuse to overwrite",
  overwritingSmall: "Can refuse to overwrite, but only small files",
  overwritingLarge: "Can refuse to overwrite, but only large files",
  listsUploads: "Lists unfinished uploads",
  attributes: "Tells the parts of an object",
  equalParts: "All parts must be one size",
  abortsAfter: (days: number) =>
    `Takes unfinished uploads off after ${counted(days, { one: "day", other: "days" })}`,
  maxPart: (size: string) => `The largest part is ${size}`,
  maxObject: (size: string) => `The largest object is ${size}`,

  ask: "Ask the server",
  asking: "Asking...",
  needsBucket: "It is asked by a scratch upload: name a bucket above, and save.",
  asksBy: (bucket: string) => `By a scratch upload to ${bucket}, which is taken off again.`,
};

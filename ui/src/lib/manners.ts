// What a server takes, as lines of plain words: one place to translate; knows no element and no request.
import { binary, day, plural } from "./format";
import type { Manners, Rung, Said, ServerManners } from "./wire/wire";

/** A line is an answer, or something to know that is neither good nor bad. */
export type Manner = { id: string; mark: Said | "note"; text: string };

export const MARK: Record<Manner["mark"], string> = {
  yes: "Yes",
  no: "No",
  unasked: "Not known",
  note: "",
};

const RUNG: Record<Rung, string> = {
  crc64Nvme: "Whole files are compared by CRC64NVME",
  crc32c: "Whole files are compared by CRC32C",
  crc32: "Whole files are compared by CRC32",
  crc32cComposite: "Whole files are compared by a checksum of the parts' checksums (CRC32C)",
  crc32Composite: "Whole files are compared by a checksum of the parts' checksums (CRC32)",
  md5: "Parts are compared by their MD5",
};

/** S3's own limits: what a server takes as well needs no line. */
const GiB = 1024 ** 3;
const S3 = { part: 5 * GiB, object: 10_000 * 5 * GiB };

/** Where the knowledge is from. */
export function source({ known, at }: ServerManners): string {
  switch (known) {
    case "documented":
      return "From the server's documentation";
    case "asked":
      return at === null ? "Asked" : `Asked on ${day(at)}`;
    case "unasked":
      return "Not asked yet: Windlass asks before the first large upload";
  }
}

export function manners({ known, manners: of }: ServerManners): Manner[] {
  const answers: Manner[] = [
    { id: "rung", mark: "yes", text: RUNG[of.rung] },
    { id: "checksParts", mark: of.checksParts, text: "Refuses a damaged part" },
    { id: "checksWhole", mark: of.checksWhole, text: "Refuses a wrong whole" },
    { id: "givesBack", mark: of.givesBack, text: "Tells the checksum again later" },
    { id: "trailers", mark: of.trailers, text: "Lets Windlass read a file only once" },
    overwriting(of),
    { id: "listsUploads", mark: of.listsUploads, text: "Lists unfinished uploads" },
    { id: "attributes", mark: of.attributes, text: "Tells the parts of an object" },
  ];
  // Of a server that nobody asked these are what is tried first, not what it said.
  const guessed = known === "unasked";
  const lines = answers.map((one): Manner => (guessed ? { ...one, mark: "unasked" } : one));
  const note = (id: string, text: string) => lines.push({ id, mark: "note", text });
  if (of.equalParts) note("equalParts", "All parts must be one size");
  if (of.abortsAfterDays !== null) {
    note(
      "abortsAfterDays",
      `Takes unfinished uploads off after ${plural(of.abortsAfterDays, "day")}`,
    );
  }
  const { maxPart, maxObject } = of.limits;
  if (maxPart !== S3.part) note("maxPart", `The largest part is ${binary(maxPart)}`);
  if (maxObject !== S3.object) note("maxObject", `The largest object is ${binary(maxObject)}`);
  return lines;
}

/** Small files go by one PUT, large ones end with Complete: a server may refuse at the one and not at the other. */
function overwriting({ conditionalPut: small, conditionalComplete: large }: Manners): Manner {
  const text = "Can refuse to overwrite";
  const id = "overwriting";
  if (small === large) return { id, mark: small, text };
  if (small === "unasked" || large === "unasked") return { id, mark: "unasked", text };
  return {
    id,
    mark: "yes",
    text: `${text}, but only ${small === "yes" ? "small" : "large"} files`,
  };
}

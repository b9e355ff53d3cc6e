// What a server takes, as lines of plain words; knows no element and no request.
import { say } from "../i18n/language.svelte";
import { binary, day } from "./format";
import type { Capabilities, Support, ServerCapabilities } from "./wire/wire";

/** A line is an answer, or something to know that is neither good nor bad. */
export type Manner = { id: string; mark: Support | "note"; text: string };

/** S3's own limits: what a server takes as well needs no line. */
const GiB = 1024 ** 3;
const S3 = { part: 5 * GiB, object: 10_000 * 5 * GiB };

/** Where the knowledge is from. */
export function source({ known, at }: ServerCapabilities): string {
  switch (known) {
    case "documented":
      return say.manners.documented;
    case "asked":
      return at === null ? say.manners.asked : say.manners.askedOn(day(at));
    case "unasked":
      return say.manners.unasked;
  }
}

export function manners({ known, capabilities: of }: ServerCapabilities): Manner[] {
  const words = say.manners;
  const answers: Manner[] = [
    { id: "rung", mark: "yes", text: words.rung[of.checksumMode] },
    { id: "checksParts", mark: of.checksParts, text: words.checksParts },
    { id: "checksWhole", mark: of.checksWhole, text: words.checksWhole },
    { id: "givesBack", mark: of.givesBack, text: words.givesBack },
    { id: "trailers", mark: of.trailers, text: words.trailers },
    overwriting(of),
    { id: "listsUploads", mark: of.listsUploads, text: words.listsUploads },
    { id: "attributes", mark: of.attributes, text: words.attributes },
  ];
  // Of a server that nobody asked these are what is tried first, not what it said.
  const guessed = known === "unasked";
  const lines = answers.map((one): Manner => (guessed ? { ...one, mark: "unasked" } : one));
  const note = (id: string, text: string) => lines.push({ id, mark: "note", text });
  if (of.equalParts) note("equalParts", words.equalParts);
  if (of.abortsAfterDays !== null) {
    note("abortsAfterDays", words.abortsAfter(of.abortsAfterDays));
  }
  const { maxPart, maxObject } = of.limits;
  if (maxPart !== S3.part) note("maxPart", words.maxPart(binary(maxPart)));
  if (maxObject !== S3.object) note("maxObject", words.maxObject(binary(maxObject)));
  return lines;
}

/** Small files go by one PUT, large ones end with Complete: a server may refuse at the one and not at the other. */
function overwriting({ conditionalPut: small, conditionalComplete: large }: Capabilities): Manner {
  const words = say.manners;
  const text = words.overwriting;
  const id = "overwriting";
  if (small === large) return { id, mark: small, text };
  if (small === "unasked" || large === "unasked") return { id, mark: "unasked", text };
  return {
    id,
    mark: "yes",
    text: small === "yes" ? words.overwritingSmall : words.overwritingLarge,
  };
}

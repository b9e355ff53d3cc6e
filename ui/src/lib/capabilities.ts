// A server's capabilities as lines of text.
import { say } from "../i18n/language.svelte";
import { binary, day } from "./format";
import type { Capabilities, Support, ServerCapabilities } from "./wire/wire";

/** A capability that is supported, not supported or unknown, or a note about the server. */
export type CapabilityLine = { id: string; mark: Support | "note"; text: string };

/** S3's own limits. Only other limits get a line. */
const GiB = 1024 ** 3;
const S3 = { part: 5 * GiB, object: 10_000 * 5 * GiB };

/** Says how the capabilities are known. */
export function source({ known, at }: ServerCapabilities): string {
  switch (known) {
    case "documented":
      return say.capabilities.documented;
    case "probed":
      return at === null ? say.capabilities.probed : say.capabilities.probedOn(day(at));
    case "notProbed":
      return say.capabilities.notProbed;
  }
}

/** One line per capability, then notes about limits. */
export function capabilityLines({ known, capabilities: of }: ServerCapabilities): CapabilityLine[] {
  const words = say.capabilities;
  const answers: CapabilityLine[] = [
    { id: "checksumMode", mark: "yes", text: words.checksumMode[of.checksumMode] },
    { id: "checksParts", mark: of.checksParts, text: words.checksParts },
    { id: "checksWhole", mark: of.checksWhole, text: words.checksWhole },
    { id: "reportsChecksum", mark: of.reportsChecksum, text: words.reportsChecksum },
    { id: "trailers", mark: of.trailers, text: words.trailers },
    overwriting(of),
    { id: "listsUploads", mark: of.listsUploads, text: words.listsUploads },
    { id: "attributes", mark: of.attributes, text: words.attributes },
  ];
  // If the server was not probed, these are assumptions.
  const guessed = known === "notProbed";
  const lines = answers.map((one): CapabilityLine => (guessed ? { ...one, mark: "unknown" } : one));
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

/** Small files are sent with PutObject, large ones with Complete: a server may support a condition on one and not the other. */
function overwriting({
  conditionalPut: small,
  conditionalComplete: large,
}: Capabilities): CapabilityLine {
  const words = say.capabilities;
  const text = words.overwriting;
  const id = "overwriting";
  if (small === large) return { id, mark: small, text };
  if (small === "unknown" || large === "unknown") return { id, mark: "unknown", text };
  return {
    id,
    mark: "yes",
    text: small === "yes" ? words.overwritingSmall : words.overwritingLarge,
  };
}

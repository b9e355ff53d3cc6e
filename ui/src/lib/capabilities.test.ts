// A server's capabilities line by line; assumptions are shown as such.
import { afterEach, describe, expect, it } from "vitest";
import { cases } from "./cases";
import { language } from "../i18n/language.svelte";
import { capabilityLines, source } from "./capabilities";
import type { Capabilities, ServerCapabilities } from "./wire/wire";

const GiB = 1024 ** 3;
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
  limits: { maxPart: 5 * GiB, maxObject: 50_000 * GiB },
};
const server = (more: Partial<Capabilities>, known: ServerCapabilities["known"] = "probed") => ({
  known,
  at: known === "probed" ? Date.UTC(2026, 7, 14, 12) : null,
  capabilities: { ...S3, ...more },
});
const line = (of: ServerCapabilities, id: string) =>
  capabilityLines(of).find((one) => one.id === id);

it(
  "says how it is known",
  cases<[ServerCapabilities["known"], string]>(
    "%s is said as %j",
    [
      ["documented", "From the server's documentation"],
      ["probed", "Probed on 14 August 2026"],
      ["notProbed", "Not probed yet: Windlass probes the server before the first large upload"],
    ],
    (known, said) => expect(source(server({}, known))).toBe(said),
  ),
);

it(
  "says which checksum verifies whole files",
  cases<[Capabilities["checksumMode"], string]>(
    "%s is said as %j",
    [
      ["crc64Nvme", "Verifies whole files by CRC64NVME"],
      ["crc32c", "Verifies whole files by CRC32C"],
      ["crc32cComposite", "Verifies whole files by a composite checksum (CRC32C)"],
      ["md5", "Verifies parts by their MD5"],
    ],
    (checksumMode, said) =>
      expect(line(server({ checksumMode }), "checksumMode")).toMatchObject({
        mark: "yes",
        text: said,
      }),
  ),
);

it("shows every capability of a server that was not probed as unknown", () => {
  const marks = capabilityLines(server({ trailers: "no" }, "notProbed")).map((one) => one.mark);
  expect(new Set(marks)).toEqual(new Set(["unknown"]));
  expect(line(server({}, "documented"), "checksumMode")?.mark).toBe("yes");
});

describe("refusing to overwrite", () => {
  it(
    "is one line for small and large files",
    cases<[Capabilities["conditionalPut"], Capabilities["conditionalComplete"], string, RegExp]>(
      "put %s, complete %s",
      [
        ["yes", "yes", "yes", /overwrite$/],
        ["no", "no", "no", /overwrite$/],
        ["yes", "no", "yes", /small files only$/],
        ["no", "yes", "yes", /large files only$/],
        ["yes", "unknown", "unknown", /overwrite$/],
      ],
      (conditionalPut, conditionalComplete, mark, text) => {
        const found = line(server({ conditionalPut, conditionalComplete }), "overwriting");
        expect(found?.mark).toBe(mark);
        expect(found?.text).toMatch(text);
      },
    ),
  );
});

it("mentions limits only if they are not S3's", () => {
  const notes = (more: Partial<Capabilities>) =>
    capabilityLines(server(more))
      .filter((one) => one.mark === "note")
      .map((one) => one.text);
  expect(notes({})).toEqual([]);
  const small = { maxPart: GiB, maxObject: 1000 * GiB };
  expect(notes({ equalParts: true, abortsAfterDays: 7, limits: small })).toEqual([
    "Requires parts of equal size",
    "Aborts incomplete uploads after 7 days",
    "Maximum part size: 1 GiB",
    "Maximum object size: 1,000 GiB",
  ]);
});

describe("in German", () => {
  afterEach(() => {
    language.wanted = "system";
  });

  it("says the same, with the date and the numbers as German writes them", () => {
    language.wanted = "de";
    expect(source(server({}))).toBe("Geprüft am 14. August 2026");
    const small = { maxPart: GiB, maxObject: 1000 * GiB };
    const of = server({ abortsAfterDays: 1, conditionalComplete: "no", limits: small });
    expect(line(of, "checksumMode")?.text).toBe("Ganze Dateien werden mit CRC64NVME verglichen");
    expect(line(of, "overwriting")?.text).toMatch(/nur bei kleinen Dateien$/);
    expect(line(of, "abortsAfterDays")?.text).toMatch(/nach 1 Tag ab$/);
    expect(line(of, "maxObject")?.text).toBe("Größtes Objekt: 1.000 GiB");
  });
});

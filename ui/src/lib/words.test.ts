// Plans and proofs are said in words that hold, and not more.
import { afterEach, describe, expect, it } from "vitest";
import { cases } from "./cases";
import { language } from "../i18n/language.svelte";
import type { Proof, Scan } from "./wire/wire";
import {
  folder,
  mapSummary,
  moved,
  notice,
  objectName,
  otherName,
  place,
  plan,
  proof,
  receiptName,
  surveyCount,
  surveyPlan,
} from "./words";

const MiB = 1024 * 1024;
const scan = (more: Partial<Scan>): Scan => ({
  id: 1,
  walking: false,
  files: 1,
  folders: 0,
  bytes: 5_000_000_000,
  largest: 0,
  single: 0,
  multipart: 0,
  parts: 0,
  partSize: 0,
  names: [],
  skipped: [],
  skippedCount: 0,
  failedCount: 0,
  renamed: [],
  renamedCount: 0,
  composed: 0,
  ...more,
});

describe("the plan", () => {
  it(
    "of many files",
    cases<[Partial<Scan>, string]>(
      "%j is %j",
      [
        [{ multipart: 1, parts: 5120, partSize: 80 * MiB }, "5,120 parts of 80 MiB"],
        [{ single: 1 }, "One request"],
        [{ single: 34 }, "34 small files in one request each"],
        [
          { multipart: 1, parts: 12, partSize: 8 * MiB, single: 1 },
          "12 parts of 8 MiB, 1 small file in one request",
        ],
        [
          { multipart: 4, parts: 5120, partSize: 80 * MiB, single: 34 },
          "4 large files in 5,120 parts of up to 80 MiB, 34 small files in one request each",
        ],
        [{}, ""],
      ],
      (more, text) => expect(surveyPlan(scan(more))).toBe(text),
    ),
  );

  it("of one upload", () => {
    expect(plan(1, null)).toBe("One request");
    expect(plan(640, 8 * MiB)).toBe("640 parts of 8 MiB");
  });
});

it("calls one file by its name and counts more", () => {
  expect(surveyCount(scan({ names: ["a.mov"] }))).toBe("a.mov, 5 GB");
  expect(surveyCount(scan({ files: 38, names: ["a.mov"] }))).toBe("38 files, 5 GB");
  expect(surveyCount(scan({ files: 0, bytes: 0 }))).toBe("Nothing to upload");
});

it(
  "claims only what was compared",
  cases<[Proof["compared"], algorithm: string, type: string, parts: string | null, said: string]>(
    "%s, %s, %s, %s",
    [
      ["wholeObject", "CRC64NVME", "FULL_OBJECT", null, "compared: whole object, CRC64NVME"],
      ["wholeObject", "CRC32C", "FULL_OBJECT", "CRC32C", "compared: whole object, CRC32C"],
      ["composite", "CRC32C", "COMPOSITE", null, "compared: composite checksum, CRC32C"],
      ["etag", "MD5", "COMPOSITE", "MD5", "compared: MD5 of every part (ETag)"],
      ["etag", "MD5", "FULL_OBJECT", null, "compared: MD5 (ETag)"],
      ["size", "none", "SIZE", null, "compared: size only"],
      ["size", "none", "SIZE", "MD5", "compared: size only; each part by MD5"],
    ],
    (compared, algorithm, type, parts, said) =>
      expect(proof({ algorithm, type, value: "x", compared, parts })).toBe(said),
  ),
);

it("calls a row as its object, and names the file where that is called differently", () => {
  const renamed = { name: "clip.mov", key: "2026/clip (2).mov" };
  expect([objectName(renamed), otherName(renamed)]).toEqual(["clip (2).mov", "clip.mov"]);
  const plain = { name: "clip.mov", key: "clip.mov" };
  expect([objectName(plain), otherName(plain)]).toEqual(["clip.mov", ""]);
  // a Mac's disk has another form of accents
  expect(otherName({ name: "Cafe\u0301.mov", key: "Caf\u00e9.mov" })).toBe("");
});

it("names a receipt after its object", () => {
  expect(receiptName("2026/08/a.mov")).toBe("a.mov.receipt.json");
  expect(receiptName("a.mov")).toBe("a.mov.receipt.json");
  expect(receiptName("2026/08/")).toBe("object.receipt.json");
  expect(receiptName('C:\\new?"<>|*\n.mov')).toBe("C__new_______.mov.receipt.json");
  expect(receiptName("..")).toBe("__.receipt.json");
  expect(new TextEncoder().encode(receiptName("ü".repeat(512))).length).toBeLessThan(255);
});

it("says where an upload was moved to, counted as people count", () => {
  expect(moved("a.mov", 0, 100_007)).toBe("a.mov, now 1 of 100,007");
});

it("puts what exactly before what to do, where there is anything exact", () => {
  const of = (saved: number | null) =>
    notice({ kind: "journalAside", saved, fault: null, path: null }).text;
  expect(of(12)).toMatch(/^12 uploads were recovered from it\. See/);
  expect(of(1)).toMatch(/^1 upload was recovered from it\. See/);
  expect(of(0)).toMatch(/^No uploads could be recovered from it\. See/);
  expect(of(null)).toMatch(/^See/);
});

it("writes places with and without a folder", () => {
  expect(place("media", "")).toBe("media");
  expect(place("media", "2026/")).toBe("media / 2026/");
  expect(folder({ bucket: "media", key: "a.mov" })).toBe("media");
  expect(folder({ bucket: "media", key: "2026/08/a.mov" })).toBe("media / 2026/08/");
});

describe("in German", () => {
  afterEach(() => {
    language.wanted = "system";
  });

  it("has the plan, the proof and the map in its own order and forms", () => {
    language.wanted = "de";
    expect(plan(640, 8 * MiB)).toBe("640 Teile zu je 8 MiB");
    expect(surveyPlan(scan({ multipart: 4, parts: 5120, partSize: 80 * MiB, single: 34 }))).toBe(
      "4 große Dateien in 5.120 Teilen von bis zu 80 MiB, 34 kleine Dateien in je einer Anfrage",
    );
    expect(surveyCount(scan({ files: 38 }))).toBe("38 Dateien, 5 GB");
    expect(moved("a.mov", 0, 100_007)).toBe("a.mov, jetzt 1 von 100.007");
    expect(mapSummary(new Uint8Array([255, 0]))).toBe(
      "1 von 2 Teilen gespeichert, 1 noch nicht gesendet",
    );
    expect(mapSummary(new Uint8Array([255]))).toBe("1 von 1 Teil gespeichert");
  });
});

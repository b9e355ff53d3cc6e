// Plans and proofs are said in words that hold, and not more.
import { describe, expect, it } from "vitest";
import type { Survey } from "./wire/wire";
import { folder, moved, notice, place, plan, proof, surveyCount, surveyPlan } from "./words";

const MiB = 1024 * 1024;
const survey = (more: Partial<Survey>): Survey => ({
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
  ...more,
});

describe("the plan", () => {
  it.each<[Partial<Survey>, string]>([
    [{ multipart: 1, parts: 5120, partSize: 80 * MiB }, "5,120 parts of 80 MiB"],
    [{ single: 1 }, "One request"],
    [{ single: 34 }, "34 small files in one request each"],
    [
      { multipart: 1, parts: 12, partSize: 8 * MiB, single: 1 },
      "12 parts of 8 MiB, 1 small file in one request",
    ],
    [
      { multipart: 4, parts: 5120, partSize: 80 * MiB, single: 34 },
      "4 big files in 5,120 parts of up to 80 MiB, 34 small files in one request each",
    ],
    [{}, ""],
  ])("of %j is %j", (more, text) => expect(surveyPlan(survey(more))).toBe(text));

  it("of one upload", () => {
    expect(plan(1, null)).toBe("One request");
    expect(plan(640, 8 * MiB)).toBe("640 parts of 8 MiB");
  });
});

it("calls one file by its name and counts more", () => {
  expect(surveyCount(survey({ names: ["a.mov"] }))).toBe("a.mov, 5 GB");
  expect(surveyCount(survey({ files: 38, names: ["a.mov"] }))).toBe("38 files, 5 GB");
  expect(surveyCount(survey({ files: 0, bytes: 0 }))).toBe("Nothing to upload");
});

it("claims of a checksum only what was compared", () => {
  const of = (compared: "wholeObject" | "composite" | "etag" | "size") =>
    proof({ algorithm: "CRC64NVME", type: "FULL_OBJECT", value: "x", compared });
  expect(of("wholeObject")).toBe("Compared: whole-object CRC64NVME");
  expect(of("composite")).toContain("every part");
  expect(of("etag")).not.toContain("CRC64NVME");
  expect(of("size")).toContain("only the size");
});

it("says where an upload was moved to, counted as people count", () => {
  expect(moved("a.mov", 0, 100_007)).toBe("a.mov, now 1 of 100,007");
});

it("puts what exactly before what to do, where there is anything exact", () => {
  const of = (detail: string) => notice({ kind: "journalAside", detail, path: null }).text;
  expect(of("12 uploads were saved from it.")).toMatch(/^12 uploads were saved from it\. See/);
  expect(of("")).toMatch(/^See/);
});

it("writes places with and without a folder", () => {
  expect(place("media", "")).toBe("media");
  expect(place("media", "2026/")).toBe("media / 2026/");
  expect(folder({ bucket: "media", key: "a.mov" })).toBe("media");
  expect(folder({ bucket: "media", key: "2026/08/a.mov" })).toBe("media / 2026/08/");
});

// The part map fits its room, shows every part, and counts what it shows.
import { describe, expect, it } from "vitest";
import { cases } from "./cases";
import { BACKOFF, cellAt, counts, justStored, layout, partsOf, STORED } from "./partmap";
import { mapSummary } from "./words";

describe("layout", () => {
  it(
    "fits any number of parts, and loses none",
    cases("%s parts", [1, 2, 7, 100, 984, 985, 5_120, 10_000], (parts) => {
      const plan = layout(parts, 288, 168);
      expect(plan.height).toBeLessThanOrEqual(168);
      const drawn = Math.min(plan.columns, Math.ceil(parts / plan.perCell));
      expect(drawn * plan.pitch - plan.gap).toBeCloseTo(288, 5);
      expect(plan.pitch).toBeGreaterThanOrEqual(plan.cell + plan.gap);
      expect(plan.columns * plan.rows * plan.perCell).toBeGreaterThanOrEqual(parts);
      expect(plan.cell).toBeGreaterThanOrEqual(6);
    }),
  );

  it("gives few parts large cells, and shares cells only when it must", () => {
    expect(layout(10, 288, 168)).toMatchObject({ cell: 14, perCell: 1 });
    expect(layout(984, 288, 168)).toMatchObject({ cell: 6, perCell: 1 });
    expect(layout(985, 288, 168).perCell).toBe(2);
  });

  it("stands a width of nothing, as before the first measure", () => {
    expect(layout(100, 0, 168).columns).toBe(1);
  });
});

describe("cells", () => {
  const map = new Uint8Array([STORED, STORED, 50, 0, BACKOFF, 100]);

  it("read one part", () => {
    expect(cellAt(map, 0, 1)).toEqual({ stored: 1, flight: null, backoff: false });
    expect(cellAt(map, 2, 1)).toEqual({ stored: 0, flight: 0.5, backoff: false });
    expect(cellAt(map, 3, 1)).toEqual({ stored: 0, flight: null, backoff: false });
    expect(cellAt(map, 4, 1)).toEqual({ stored: 0, flight: null, backoff: true });
    // Sent whole and not confirmed is not stored.
    expect(cellAt(map, 5, 1)).toEqual({ stored: 0, flight: 1, backoff: false });
  });

  it("shade by the fraction stored when they share", () => {
    expect(cellAt(map, 0, 4)).toEqual({ stored: 0.5, flight: 0.5, backoff: false });
    // The last cell may stand for fewer parts.
    expect(cellAt(map, 1, 4)).toEqual({ stored: 0, flight: 1, backoff: true });
  });

  it("brighten where a part was stored since the last look", () => {
    const before = new Uint8Array([STORED, 90, 50, 0, 0, 0]);
    expect(justStored(before, map, 1)).toEqual([1]);
    expect(justStored(before, map, 4)).toEqual([0]);
    expect(justStored(new Uint8Array(2), map, 1)).toEqual([]);
  });

  it("know their parts by S3's numbers", () => {
    expect(partsOf(0, 1, 6)).toEqual([1, 1]);
    expect(partsOf(1, 4, 6)).toEqual([5, 6]);
  });

  it("are counted, and told in words", () => {
    expect(counts(map)).toEqual({ stored: 2, sending: 2, backoff: 1, pending: 1 });
    expect(mapSummary(map)).toBe(
      "2 of 6 parts stored, 2 in flight, 1 waiting to be resent, 1 not sent yet",
    );
    expect(mapSummary(new Uint8Array([STORED]))).toBe("1 of 1 part stored");
  });
});

// The windowing of a long list draws what is seen, and only that.
import { describe, expect, it } from "vitest";
import { landing, reveal, slice, step, TALLEST } from "./rows";

const view = { rowHeight: 56, viewHeight: 560 };

describe("slice", () => {
  it("draws nothing of nothing", () => {
    expect(slice({ ...view, total: 0, scrollTop: 0 })).toMatchObject({ count: 0, height: 0 });
  });

  it("starts at the first row and goes a little past the last one seen", () => {
    expect(slice({ ...view, total: 1000, scrollTop: 0 }, 8)).toEqual({
      first: 0,
      count: 19,
      height: 56_000,
      shift: 0,
    });
  });

  it("covers every pixel wherever it is scrolled", () => {
    for (let scrollTop = 0; scrollTop <= 56_000 - 560; scrollTop += 37) {
      const { first, count } = slice({ ...view, total: 1000, scrollTop }, 0);
      expect(first * 56).toBeLessThanOrEqual(scrollTop);
      expect((first + count) * 56).toBeGreaterThanOrEqual(scrollTop + 560);
      expect(count).toBeLessThanOrEqual(12);
    }
  });

  it("does not run over the end, nor before the start", () => {
    const end = slice({ ...view, total: 1000, scrollTop: 99_999_999 });
    expect(end.first + end.count).toBe(1000);
    expect(slice({ ...view, total: 1000, scrollTop: -50 }).first).toBe(0);
    expect(slice({ ...view, total: 3, scrollTop: 0 })).toMatchObject({ first: 0, count: 3 });
  });

  it("costs for a hundred thousand rows what it costs for forty", () => {
    const few = slice({ ...view, total: 40, scrollTop: 600 });
    const many = slice({ ...view, total: 100_000, scrollTop: 600 });
    expect(many.count).toBe(few.count);
  });

  it("compresses the scroll bar where a browser could not be that tall, and still reaches the end", () => {
    const total = 1_000_000;
    const last = slice({ ...view, total, scrollTop: TALLEST - 560 }, 0);
    expect(last.height).toBe(TALLEST);
    expect(last.first + last.count).toBe(total);
    // The last row ends where the scrolled box ends.
    expect(total * 56 - last.shift).toBeCloseTo(TALLEST, 3);
  });
});

describe("reveal", () => {
  const shape = { ...view, total: 1000, scrollTop: 1000 };
  it("stays where it is when the row is in view", () => expect(reveal(shape, 20)).toBeNull());
  it("moves up to a row above", () => expect(reveal(shape, 3)).toBe(168));
  it("moves down just enough for a row below", () => expect(reveal(shape, 40)).toBe(41 * 56 - 560));
  it("finds a row in a compressed list again", () => {
    const total = 1_000_000;
    const to = reveal({ ...view, total, scrollTop: 0 }, 700_000) ?? 0;
    const { first, count } = slice({ ...view, total, scrollTop: to }, 0);
    expect(first).toBeLessThanOrEqual(700_000);
    expect(first + count).toBeGreaterThan(700_000);
  });
});

describe("step", () => {
  it("stays inside the list", () => {
    expect(step(0, -1, 10)).toBe(0);
    expect(step(5, 1, 10)).toBe(6);
    expect(step(9, 5, 10)).toBe(9);
    expect(step(0, 1, 0)).toBe(0);
  });
});

describe("landing", () => {
  it("is the nearest gap, within the list", () => {
    const shape = { ...view, total: 5, scrollTop: 0 };
    expect([-90, 0, 27, 29, 83, 85, 279, 900].map((y) => landing(shape, y))).toEqual([
      0, 0, 0, 1, 1, 2, 5, 5,
    ]);
  });

  it("counts what is scrolled away, and stays among what is seen", () => {
    const shape = { ...view, total: 1000, scrollTop: 560 };
    expect([-500, 0, 60, 560, 900].map((y) => landing(shape, y))).toEqual([10, 10, 11, 20, 20]);
  });
});

// The part map in a browser: ten thousand parts, sharp at one and two pixels to a pixel, in words and as a table. Prints
// what a drawing takes; must not judge by the clock.
import { expect, it } from "vitest";
import { userEvent } from "vitest/browser";
import { paint } from "./paint";
import { layout, STORED } from "../lib/partmap";
import { at, open } from "../window.browser";

const PARTS = 10_000;

function halfDone(): Uint8Array {
  const map = new Uint8Array(PARTS).fill(STORED, 0, PARTS / 2);
  map.set([30, 60, 200], PARTS / 2);
  return map;
}

it.each([1, 2])("draws ten thousand parts sharply at %i to a pixel", (ratio) => {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  const [map, width] = [halfDone(), 288];
  const plan = layout(map.length, width, 168);
  expect(plan.cell).toBeGreaterThanOrEqual(6);
  const palette = {
    stored: "#00f",
    bright: "#fff",
    pending: "#888",
    backoff: "#f80",
    ground: "#000",
  };
  const picture = { map, layout: plan, ratio, width, palette, glow: new Map(), pointed: null };
  const took: number[] = [];
  for (let time = 0; time < 60; time += 1) {
    const begun = performance.now();
    paint(context, picture);
    // what is drawn is drawn now, and not in the next frame
    context.getImageData(0, 0, 1, 1);
    took.push(performance.now() - begun);
  }
  took.sort((one, other) => one - other);
  console.info(
    `${PARTS} parts at ${ratio}x: ${took[30]?.toFixed(2)} ms, 95th ${took[57]?.toFixed(2)} ms`,
  );
  expect([canvas.width, canvas.height]).toEqual([width * ratio, plan.height * ratio]);
  const pixel = (x: number, y: number) => [...context.getImageData(x, y, 1, 1).data];
  const side = Math.round(plan.cell * ratio);
  // stored to its last pixel, and not beyond
  expect(pixel(0, 0)).toEqual([0, 0, 255, 255]);
  expect(pixel(side - 1, side - 1)).toEqual([0, 0, 255, 255]);
  expect(pixel(side, 0)[3]).toBe(0);
});

it("says in words and in a table what it shows", async () => {
  open("queue");
  await userEvent.click(at("row-1"));
  await expect
    .element(at("part-map"))
    .toHaveAttribute("aria-label", expect.stringMatching(/parts stored/));
  await userEvent.click(at("part-table-toggle"));
  await expect.element(at("part-table")).toBeInTheDocument();
  await expect.element(at("part-1")).toHaveTextContent(/1\s*80|1\s*\d+.*stored/);
  expect(document.querySelectorAll('[data-testid="part-table"] [role="row"]').length).toBeLessThan(
    30,
  );
  await userEvent.click(at("part-table-toggle"));
  await expect.element(at("part-map")).toBeInTheDocument();
});

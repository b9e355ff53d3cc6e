// Which uploads have a bar, and whose bytes move.
import { expect, it } from "vitest";
import { barTone, blockedBy, hasBar, isMoving } from "./progress";
import type { Row, Status, Waits } from "./wire/wire";

const row = (status: Status, stored = 0) => ({ status, stored }) as Row;

it("gives one that is pausing the bar of one that is sent, until its bytes have stopped", () => {
  for (const status of ["sending", "pausing"] as const) {
    expect([hasBar(row(status)), barTone(row(status)), isMoving(row(status))]).toEqual([
      true,
      "going",
      true,
    ]);
  }
  expect([barTone(row("paused")), isMoving(row("paused"))]).toEqual(["still", false]);
});

it("gives one at rest a bar once something of it is stored", () => {
  for (const status of ["paused", "waiting"] as const) {
    expect([hasBar(row(status)), hasBar(row(status, 1))]).toEqual([false, true]);
  }
});

it("gives what ended none", () => {
  for (const status of ["done", "failed", "aborted"] as const) {
    expect(hasBar(row(status, 1))).toBe(false);
  }
});

it("says of one that is pausing no more what it waited for: it does not go on by itself", () => {
  const waits: Waits = { for: "comparing", part: 1, parts: 2 };
  expect(blockedBy({ ...row("preparing"), waits })).toBe(waits);
  expect(blockedBy({ ...row("pausing"), waits })).toBeNull();
});

// Which uploads have a bar, whose bytes move, and when a break of the line costs so much that the list says it.
import { describe, expect, it } from "vitest";
import { cases } from "./cases";
import { barTone, blockedBy, breakCost, hasBar, isCostly, isMoving } from "./progress";
import type { Row, Status, BlockedOn } from "./wire/wire";

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
  const waits: BlockedOn = { for: "comparing", part: 1, parts: 2 };
  expect(blockedBy({ ...row("preparing"), waits })).toBe(waits);
  expect(blockedBy({ ...row("pausing"), waits })).toBeNull();
});

describe("a break costs much", () => {
  const MiB = 1024 * 1024;
  const sent = (inFlight: number, rate: number, status: Status = "sending") =>
    ({ status, inFlight, rate }) as Row;

  it(
    "is much from ten seconds and ten MiB on",
    cases<[string, Row, boolean]>(
      "%s",
      [
        ["ten seconds of the rate are not much yet", sent(80 * MiB, 8 * MiB), false],
        ["a byte more is", sent(80 * MiB + 1, 8 * MiB), true],
        ["ten MiB are not much yet, however slow", sent(10 * MiB, 1), false],
        ["a byte more is", sent(10 * MiB + 1, 1), true],
        ["nobody knows without a rate", sent(80 * MiB, 0), false],
        ["while the last part is finished", sent(80 * MiB, MiB, "pausing"), true],
        ["not once it is paused", sent(80 * MiB, MiB, "paused"), false],
        ["not while the line is broken", sent(80 * MiB, MiB, "offline"), false],
      ],
      (_, row, costly) => expect(isCostly(row)).toBe(costly),
    ),
  );

  it("until it is half of that", () => {
    expect(isCostly(sent(40 * MiB, 8 * MiB), true)).toBe(false);
    expect(isCostly(sent(40 * MiB + 1, 8 * MiB), true)).toBe(true);
    expect(isCostly(sent(5 * MiB, 1), true)).toBe(false);
    expect(isCostly(sent(5 * MiB + 1, 1), true)).toBe(true);
    expect(isCostly(sent(80 * MiB, 0), true)).toBe(false);
  });

  it("in two digits", () => {
    expect([0, 7, 4_249_000, 84_512_000, 1_260_000_000].map((n) => breakCost(sent(n, 1)))).toEqual([
      0, 7, 4_200_000, 85_000_000, 1_300_000_000,
    ]);
  });
});

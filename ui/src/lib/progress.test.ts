// Which uploads have a bar, whose bytes move, and when a break of the line costs so much that the list says it.
import { describe, expect, it } from "vitest";
import { cases } from "./cases";
import {
  barTone,
  blockedBy,
  breakCost,
  figures,
  finished,
  hasBar,
  isCostly,
  isMoving,
  sentInVain,
  totalLeft,
} from "./progress";
import { inOneLine, statusLine } from "./statusLine";
import type { Row, Status, BlockedOn, Detail, Totals } from "./wire/wire";

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

describe("the numbers of an upload", () => {
  const MB = 1_000_000;
  type Some = Partial<Row>;
  const of = (some: Some) =>
    figures({ size: 300 * MB, stored: 0, inFlight: 0, rate: 0, secondsLeft: null, ...some } as Row);

  it(
    "agree with each other",
    cases<[string, Some, { percent: number; sent: number; stored: number }]>(
      "%s",
      [
        [
          "what is on its way is sent and not stored",
          { status: "sending", stored: 120 * MB, inFlight: 53 * MB },
          { percent: 57, sent: 173 * MB, stored: 120 * MB },
        ],
        [
          "everything sent is not everything stored",
          { status: "sending", stored: 250 * MB, inFlight: 50 * MB },
          { percent: 99, sent: 300 * MB, stored: 250 * MB },
        ],
        [
          "a count that is a moment ahead of the other makes no more than the whole",
          { status: "sending", stored: 280 * MB, inFlight: 40 * MB },
          { percent: 99, sent: 300 * MB, stored: 280 * MB },
        ],
        [
          "stored is all",
          { status: "done", stored: 300 * MB },
          { percent: 100, sent: 300 * MB, stored: 300 * MB },
        ],
        [
          "an empty file waits at zero",
          { status: "waiting", size: 0 },
          { percent: 0, sent: 0, stored: 0 },
        ],
      ],
      (_, row, wanted) => {
        const { solid, light, ...numbers } = of(row);
        expect(numbers).toMatchObject(wanted);
        const size = row.size ?? 300 * MB;
        expect(Math.round(solid * size)).toBe(wanted.stored);
        expect(Math.round((solid + light) * size)).toBe(wanted.sent);
      },
    ),
  );

  it("tell a rate and a time left only while bytes go out", () => {
    const told = (status: Status) => of({ status, rate: 9, secondsLeft: 60 });
    expect(told("sending")).toMatchObject({ rate: 9, secondsLeft: 60 });
    for (const status of ["pausing", "offline", "completing", "paused"] as const) {
      expect(told(status)).toMatchObject({ rate: null, secondsLeft: null });
    }
  });

  it(
    "name what was sent for nothing",
    cases<[string, Some, number, number]>(
      "%s",
      [
        ["nothing", { status: "sending", stored: 120 * MB, inFlight: 53 * MB }, 173 * MB, 0],
        [
          "a pause cost what was on its way",
          { status: "done", stored: 300 * MB },
          454 * MB,
          154 * MB,
        ],
        [
          "a count that is a moment behind is nothing",
          { status: "sending", stored: MB },
          1_400_000,
          0,
        ],
        [
          "parts of another run were not sent here",
          { status: "done", stored: 300 * MB },
          80 * MB,
          0,
        ],
      ],
      (_, row, sent, twice) => {
        const whole = { size: 300 * MB, inFlight: 0, ...row };
        expect(sentInVain({ row: whole, sent } as unknown as Detail)).toBe(twice);
      },
    ),
  );
});

describe("the numbers of all uploads", () => {
  const totals = (some: Partial<Totals>) =>
    ({
      all: 407,
      active: 3,
      waiting: 0,
      paused: 0,
      failed: 0,
      done: 404,
      skipped: 0,
      cancelled: 0,
      offline: false,
      rate: 9_000_000,
      secondsLeft: 20,
      ...some,
    }) as Totals;

  it("count what is done, and do not fall when little is left", () => {
    expect(statusLine(totals({}))).toBe("404 of 407 done · 20 s left");
    expect(statusLine(totals({ active: 43, waiting: 300, done: 64 }))).toContain("64 of 407 done");
    expect(finished(totals({ cancelled: 2, done: 402 }))).toEqual({ done: 402, of: 405 });
    expect(statusLine(totals({ all: 1, active: 1, done: 0 }))).toBe("1 upload · 20 s left");
  });

  it("tell skipped ones apart", () => {
    const ended = { active: 0, all: 15, done: 12, skipped: 3 };
    expect(statusLine(totals(ended))).toBe("12 uploads done, 3 skipped");
    expect(statusLine(totals({ ...ended, active: 1, all: 16 }))).toBe(
      "12 of 16 done, 3 skipped · 20 s left",
    );
  });

  it("tell no time left while nothing moves", () => {
    expect(totalLeft(totals({ offline: true }))).toBeNull();
    expect(totalLeft(totals({ active: 0 }))).toBeNull();
    expect(inOneLine(totals({ secondsLeft: null }))).toBe("9.0 MB/s · 404 of 407 done");
  });
});

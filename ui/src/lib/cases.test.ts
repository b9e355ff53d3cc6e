// A failing case is named, and hides no other.
import { expect, it } from "vitest";
import { cases } from "./cases";

const square = (n: number, of: number) => expect(n * n).toBe(of);

it("passes when every case does", () => {
  expect(cases("%j", [1, 2], (n) => expect(n).toBeGreaterThan(0))).not.toThrow();
});

it("names each case that fails, and goes on", () => {
  const run = cases(
    "%j squared is %j",
    [
      [1, 2],
      [2, 4],
      [3, 8],
    ],
    square,
  );
  expect(run).toThrow(/^2 of 3 cases failed:\n1 squared is 2: .*\n?[^]*3 squared is 8: /);
});

it("refuses a table without cases", () => {
  expect(cases("%j", [], (n) => expect(n).toBe(1))).toThrow("no cases");
});

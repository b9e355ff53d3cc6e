// The stand-in moves rows as the engine does: the same cases as its own tests have.
import { expect, it } from "vitest";
import { cases } from "../../cases";
import type { Place, Row, Status, View } from "../../wire/wire";
import { inView, reordered } from "./order";

const list = (ids: number[], done: number[] = []) =>
  ids.map((id) => {
    const status: Status = done.includes(id) ? "done" : "waiting";
    return { row: { id, name: `file ${id}`, status } as Row };
  });

const moved = (from: number[], ids: number[], to: Place, done: number[] = []) =>
  reordered(list(from, done), (one) => ids.includes(one.row.id), to).map((one) => one.row.id);

const up: Place = { place: "up", view: "all", filter: "" };
const down: Place = { place: "down", view: "all", filter: "" };

it(
  "moves rows to a place",
  cases<[number[], number[], Place, number[]]>(
    "%j: %j to %j",
    [
      [[1, 2, 3, 4, 5, 6], [5, 3], { place: "first" }, [3, 5, 1, 2, 4, 6]],
      [[3, 5, 1, 2, 4, 6], [1, 5], { place: "last" }, [3, 2, 4, 6, 5, 1]],
      [[3, 2, 4, 6, 5, 1], [1, 3], { place: "before", id: 6 }, [2, 4, 3, 1, 6, 5]],
      [[2, 4, 3, 1, 6, 5], [1, 6], up, [2, 4, 1, 6, 3, 5]],
      [[2, 4, 1, 6, 3, 5], [2, 4], down, [1, 2, 4, 6, 3, 5]],
      [[1, 2, 4, 6, 3, 5], [1, 6], down, [2, 4, 3, 1, 6, 5]],
      [[1, 2, 3, 4], [1], up, [1, 2, 3, 4]],
      [[1, 2, 3, 4], [4], down, [1, 2, 3, 4]],
      [[1, 2, 3, 4], [2, 3], { place: "before", id: 3 }, [1, 2, 3, 4]],
      [[1, 2, 3, 4], [2], { place: "before", id: 77 }, [1, 2, 3, 4]],
    ],
    (from, ids, to, wanted) => expect(moved(from, ids, to)).toEqual(wanted),
  ),
);

it("goes past what the list hides", () => {
  const waiting = { view: "waiting", filter: "" } as const;
  const all = [1, 2, 3, 4, 5];
  expect(moved(all, [4], { place: "up", ...waiting }, [2, 3])).toEqual([4, 1, 2, 3, 5]);
  expect(moved(all, [1], { place: "down", ...waiting }, [2, 3])).toEqual([2, 3, 4, 1, 5]);
});

it(
  "shows a status in one list, and in that of all",
  cases<[Status, View]>(
    "%s in %s",
    [
      ["waiting", "waiting"],
      ["sending", "active"],
      // its bytes are still on their way
      ["pausing", "active"],
      ["paused", "paused"],
      ["failed", "failed"],
      ["done", "done"],
    ],
    (status, view) => {
      const row = { id: 1, name: "a.mov", status } as Row;
      const shown = (["all", "active", "waiting", "paused", "failed", "done"] as const).filter(
        (one) => inView(row, one, ""),
      );
      expect(shown).toEqual(["all", view]);
    },
  ),
);

// Selecting in a list of named rows: by steps and ranges, and what is left when rows go.
import { beforeEach, describe, expect, it } from "vitest";
import { Picks } from "./picks.svelte";

let list = ["a", "b", "c", "d", "e"];
let picks = new Picks(() => list);
const ids = () => [...picks.ids].join("");

beforeEach(() => {
  list = ["a", "b", "c", "d", "e"];
  picks = new Picks(() => list);
});

describe("picking", () => {
  it("takes one, toggles others, and stretches from the last", () => {
    picks.pick(1, "only");
    picks.pick(3, "toggle");
    expect(ids()).toBe("bd");
    picks.pick(0, "range");
    expect(ids()).toBe("abcd");
    picks.pick(4, "range");
    expect(ids()).toBe("de");
    picks.pick(9, "only");
    expect(ids()).toBe("de");
  });

  it("begins at the top, or goes as far as it can", () => {
    picks.move(1, false);
    expect(ids()).toBe("a");
    picks.none();
    picks.focus = null;
    picks.move(99, false);
    expect(ids()).toBe("e");
    picks.move(-2, true);
    expect(ids()).toBe("cde");
    expect(picks.at).toBe(2);
  });
});

describe("when rows go", () => {
  function go(...gone: string[]) {
    const before = list;
    list = list.filter((id) => !gone.includes(id));
    picks.keep(new Set(list), before);
  }

  it("keeps what is left selected, and goes to the next row", () => {
    picks.pick(1, "only");
    picks.pick(2, "range");
    go("c");
    expect(ids()).toBe("b");
    expect(picks.focus).toBe("d");
  });

  it("goes to the one before where there is no next, and nowhere where there is none", () => {
    picks.pick(4, "only");
    go("d", "e");
    expect(picks.focus).toBe("c");
    go("a", "b", "c");
    expect(picks.focus).toBeNull();
  });

  it("stretches from here where the row it was stretched from is gone", () => {
    picks.pick(0, "only");
    go("a");
    picks.pick(2, "range");
    expect(ids()).toBe("d");
  });
});

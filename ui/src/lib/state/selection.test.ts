// Selecting in a list of named rows: by steps and ranges, and what is left when rows go.
import { beforeEach, describe, expect, it } from "vitest";
import { Selection } from "./selection.svelte";

let list = ["a", "b", "c", "d", "e"];
let selection = new Selection(() => list);
const ids = () => [...selection.ids].join("");

beforeEach(() => {
  list = ["a", "b", "c", "d", "e"];
  selection = new Selection(() => list);
});

describe("picking", () => {
  it("takes one, toggles others, and stretches from the last", () => {
    selection.pick(1, "only");
    selection.pick(3, "toggle");
    expect(ids()).toBe("bd");
    selection.pick(0, "range");
    expect(ids()).toBe("abcd");
    selection.pick(4, "range");
    expect(ids()).toBe("de");
    selection.pick(9, "only");
    expect(ids()).toBe("de");
  });

  it("begins at the top, or goes as far as it can", () => {
    selection.move(1, false);
    expect(ids()).toBe("a");
    selection.none();
    selection.focus = null;
    selection.move(99, false);
    expect(ids()).toBe("e");
    selection.move(-2, true);
    expect(ids()).toBe("cde");
    expect(selection.at).toBe(2);
  });
});

describe("when rows go", () => {
  function go(...gone: string[]) {
    const before = list;
    list = list.filter((id) => !gone.includes(id));
    selection.keep(new Set(list), before);
  }

  it("keeps what is left selected, and goes to the next row", () => {
    selection.pick(1, "only");
    selection.pick(2, "range");
    go("c");
    expect(ids()).toBe("b");
    expect(selection.focus).toBe("d");
  });

  it("goes to the one before where there is no next, and nowhere where there is none", () => {
    selection.pick(4, "only");
    go("d", "e");
    expect(selection.focus).toBe("c");
    go("a", "b", "c");
    expect(selection.focus).toBeNull();
  });

  it("stretches from here where the row it was stretched from is gone", () => {
    selection.pick(0, "only");
    go("a");
    selection.pick(2, "range");
    expect(ids()).toBe("d");
  });
});

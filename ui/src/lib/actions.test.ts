// What can be done when: each action is offered exactly where it makes sense.
import { describe, expect, it, vi } from "vitest";
import { cases } from "./cases";
import { language } from "../i18n/language.svelte";
import {
  action,
  ACTIONS,
  named,
  pressed,
  rowMenu,
  search,
  type ActionHandlers,
  type Desk,
} from "./actions";
import type { Fault, Proof, Row, Status, Totals } from "./wire/wire";

const RESTLESS = { is: "keepsChanging", how: { way: "for", seconds: 600 } } as const;

const NONE: Totals = {
  revision: 1,
  all: 0,
  active: 0,
  waiting: 0,
  paused: 0,
  needsAnswer: 0,
  failed: 0,
  done: 0,
  skipped: 0,
  cancelled: 0,
  storedBytes: 0,
  totalBytes: 0,
  inFlightBytes: 0,
  rate: 0,
  secondsLeft: null,
  connections: 0,
  offline: false,
  signIn: 0,
  limit: null,
  limitUntil: null,
  notices: 0,
};

const PROOF: Proof = {
  algorithm: "CRC64NVME",
  type: "FULL_OBJECT",
  value: "cMhO4tY8Bq0=",
  compared: "wholeObject",
  parts: null,
};

function row(status: Status, fault: Fault["kind"] | null = null): Row {
  return {
    id: 7,
    name: "a.mov",
    path: "/a.mov",
    connection: "c",
    connectionName: "C",
    bucket: "b",
    key: "a.mov",
    size: 10,
    status,
    stored: 0,
    inFlight: 0,
    parts: 1,
    partsStored: 0,
    partsInFlight: 0,
    rate: 0,
    secondsLeft: null,
    waits: null,
    canUndo: false,
    existing: null,
    proof: null,
    verification: null,
    fault:
      fault === null
        ? null
        : {
            kind: fault,
            part: null,
            status: null,
            code: null,
            requestId: null,
            detail: "",
            reason: null,
          },
  };
}

function desk(selected: Row[], totals: Partial<Totals> = {}): Desk & { calls: string[] } {
  const calls: string[] = [];
  const handlers = new Proxy({} as ActionHandlers, {
    get: (_, name) => vi.fn(() => void calls.push(String(name))),
  });
  return {
    screen: "uploads",
    totals: { ...NONE, all: selected.length, ...totals },
    selected,
    selectedIds: new Set(selected.map((one) => one.id)),
    hasConnection: true,
    sort: "queue",
    canUndo: false,
    server: { where: false, shown: [], picked: [], busy: false, cleans: false },
    handlers,
    calls,
  };
}

const offered = (of: Desk) => rowMenu(of).flatMap((section) => section.map((one) => one.id));

describe("the menu of a row", () => {
  it(
    "offers what the status allows",
    cases<[Status, string[]]>(
      "%s offers %j",
      [
        ["waiting", ["pause", "copyAddress", "reveal", "cancel"]],
        ["preparing", ["pause", "copyAddress", "reveal", "cancel"]],
        ["sending", ["pause", "copyAddress", "reveal", "cancel"]],
        ["offline", ["pause", "copyAddress", "reveal", "cancel"]],
        ["completing", ["copyAddress", "reveal"]],
        [
          "needsAnswer",
          [
            "replace",
            "keepBoth",
            "skip",
            "replaceAll",
            "keepBothAll",
            "skipAll",
            "copyAddress",
            "reveal",
            "cancel",
          ],
        ],
        ["pausing", ["resume", "copyAddress", "reveal", "cancel"]],
        ["paused", ["resume", "copyAddress", "reveal", "cancel"]],
        ["done", ["copyAddress", "link", "reveal", "forget"]],
        ["skipped", ["copyAddress", "reveal", "forget"]],
        ["aborting", ["copyAddress", "reveal"]],
        ["aborted", ["retry", "copyAddress", "reveal", "forget"]],
      ],
      (status, ids) => expect(offered(desk([row(status)]))).toEqual(ids),
    ),
  );

  it("offers to undo a cancel while that is possible, and then to try it again", () => {
    const offers = offered(desk([{ ...row("aborted"), canUndo: true }]));
    expect(offers).toEqual(["undoCancel", "copyAddress", "reveal", "forget"]);
  });

  it("offers to try a failed one again, and its details", () => {
    const ids = ["retry", "copyAddress", "reveal", "copyDetails", "forget"];
    expect(offered(desk([row("failed", "server")]))).toEqual(ids);
  });

  it("asks what to do where something is in the way, instead of trying again", () => {
    const ids = ["replace", "keepBoth", "skip", "copyAddress", "reveal", "copyDetails", "forget"];
    expect(offered(desk([row("failed", "exists")]))).toEqual(ids);
  });

  it("asks what to do with a file that keeps changing; cancelling is an answer, too", () => {
    const failed = row("failed", "sourceChanged");
    const changing = { ...failed, fault: { ...failed.fault!, reason: RESTLESS } };
    expect(offered(desk([changing]))).toEqual([
      "sendCopy",
      "keepWaiting",
      "copyAddress",
      "reveal",
      "copyDetails",
      "cancel",
      "forget",
    ]);
    expect(offered(desk([failed]))).toEqual([
      "retry",
      "copyAddress",
      "reveal",
      "copyDetails",
      "forget",
    ]);
  });

  it("offers the receipt of one done upload, where something was proved", () => {
    const proved = { ...row("done"), proof: PROOF };
    const receipt = ["receipt.open", "receipt.save", "receipt.verify"];
    expect(offered(desk([proved]))).toEqual([
      "copyAddress",
      "link",
      "reveal",
      ...receipt,
      "forget",
    ]);
    expect(offered(desk([proved, { ...proved, id: 8 }]))).toEqual(["copyAddress", "forget"]);
    expect(offered(desk([{ ...proved, status: "sending" }]))).not.toContain("receipt.save");
    const away = { ...desk([proved]), screen: "settings" as const };
    expect(action("receipt.verify")?.enabled(away)).toBe(false);
  });

  it("moves any of several, but not all of them", () => {
    const moves = ["moveFirst", "moveUp", "moveDown", "moveLast"];
    expect(offered(desk([row("done")], { all: 2 }))).toEqual([
      ...moves,
      "copyAddress",
      "link",
      "reveal",
      "forget",
    ]);
    expect(offered(desk([row("done")], { all: 1 }))).toEqual([
      "copyAddress",
      "link",
      "reveal",
      "forget",
    ]);
  });

  it("of more than is known offers what may fit, and leaves it to the engine", () => {
    const many = { ...desk([row("done")], { all: 9 }), selectedIds: new Set([7, 8, 9]) };
    expect(offered(many)).toEqual(expect.arrayContaining(["pause", "retry", "cancel", "forget"]));
    expect(offered(many)).not.toContain("reveal");
    const asked: unknown[] = [];
    const handlers = { ...many.handlers, pause: (which: unknown) => void asked.push(which) };
    action("pause")?.run({ ...many, handlers });
    expect(asked).toEqual([{ which: "ids", ids: [7, 8, 9] }]);
  });

  it("is empty when nothing is selected", () => expect(rowMenu(desk([]))).toEqual([]));
});

describe("keys", () => {
  const press = (key: string, shiftKey = false) => ({
    key,
    ctrlKey: key !== "?",
    metaKey: false,
    shiftKey,
    altKey: false,
  });

  it("pause what runs and resume what is paused", () => {
    expect(pressed(press("p"), desk([row("sending")]), false)?.id).toBe("pause");
    expect(pressed(press("p"), desk([row("pausing")]), false)?.id).toBe("resume");
    expect(pressed(press("p"), desk([row("paused")]), false)?.id).toBe("resume");
    expect(pressed(press("p"), desk([row("done")]), false)).toBeUndefined();
  });

  it("pause all first, resume all when nothing is left to pause", () => {
    const some = desk([], { active: 1, waiting: 0, paused: 1 });
    expect(pressed(press("P", true), some, false)?.id).toBe("pauseAll");
    const none = desk([], { waiting: 0, paused: 2 });
    expect(pressed(press("P", true), none, false)?.id).toBe("resumeAll");
  });

  it("move with Alt, and only where there are uploads", () => {
    const alt = (key: string) => ({ ...press(key), ctrlKey: false, altKey: true });
    const some = desk([row("waiting")], { all: 9 });
    const ids = ["Home", "ArrowUp", "ArrowDown", "End"].map(
      (key) => pressed(alt(key), some, false)?.id,
    );
    expect(ids).toEqual(["moveFirst", "moveUp", "moveDown", "moveLast"]);
    expect(pressed(alt("Home"), { ...some, screen: "settings" }, false)).toBeUndefined();
  });

  it("cancel what runs and remove what ended", () => {
    expect(pressed(press("Backspace"), desk([row("sending")]), false)?.id).toBe("cancel");
    expect(pressed(press("Backspace"), desk([row("pausing")]), false)?.id).toBe("cancel");
    expect(pressed(press("Backspace"), desk([row("done")]), false)?.id).toBe("forget");
  });

  it("do nothing to uploads from another screen", () => {
    const away = { ...desk([row("sending")]), screen: "settings" as const };
    expect(pressed(press("p"), away, false)).toBeUndefined();
    expect(pressed(press("?"), away, false)?.id).toBe("help");
  });
});

it("adds files only when there is somewhere to send them", () => {
  expect(action("addFiles")?.enabled(desk([]))).toBe(true);
  expect(action("addFiles")?.enabled({ ...desk([]), hasConnection: false })).toBe(false);
});

it("acts only on those of the selected that it fits", () => {
  const pause = vi.fn();
  const both = desk([
    { ...row("sending"), id: 1 },
    { ...row("done"), id: 2 },
  ]);
  action("pause")?.run({ ...both, handlers: { ...both.handlers, pause } });
  expect(pause).toHaveBeenCalledWith({ which: "ids", ids: [1] });
});

it("verifies and saves the one that is selected", () => {
  const [verify, saveReceipt] = [vi.fn(), vi.fn()];
  const one = { ...row("done"), proof: PROOF };
  const at = desk([one]);
  const handlers = { ...at.handlers, verify, saveReceipt };
  action("receipt.verify")?.run({ ...at, handlers });
  action("receipt.save")?.run({ ...at, handlers });
  expect(verify).toHaveBeenCalledWith(one);
  expect(saveReceipt).toHaveBeenCalledWith(one);
});

it("names every action once", () => {
  const ids = ACTIONS.map((one) => one.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const one of ACTIONS) expect(one.label).not.toBe("");
});

describe("finding an action", () => {
  const labels = (typed: string, of: Desk) => search(typed, of).map((one) => one.label);

  it("offers what can be done just now, and not itself", () => {
    const found = labels("", desk([row("sending")]));
    expect(found).toContain("Settings");
    expect(found).not.toContain("Find an action...");
    expect(found).not.toContain("Try again");
  });

  it("takes words in any order, and puts first what begins so", () => {
    expect(labels("files add", desk([]))).toEqual(["Add files..."]);
    expect(labels("CO", desk([]))[0]).toBe("Connections");
    expect(labels("no such thing", desk([]))).toEqual([]);
  });

  it("is by the words of the language that is spoken", () => {
    language.wanted = "de";
    expect(labels("ordner", desk([]))).toEqual(["Ordner hinzufügen ..."]);
    expect(ACTIONS.map(named).join()).not.toContain(".");
    language.wanted = "system";
  });
});

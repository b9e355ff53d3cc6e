// Everything a person can do, in one table: feeds the buttons, the menus, the keys and the help.
import { keepsChanging } from "./faults";
import { matches, type Press } from "./keys";
import type { Row, Status, Totals, View, Which } from "./wire/wire";

export type Screen = "uploads" | "connections" | "settings";

/** What the actions look at and act on; the window's state is one, a test makes another. */
export type Desk = {
  readonly screen: Screen;
  readonly totals: Totals;
  readonly selected: readonly Row[];
  readonly hasConnection: boolean;
  readonly deeds: Deeds;
};

/** Where the selected uploads are moved to: an end of the queue, or past the next row of the list. */
export type Towards = "first" | "up" | "down" | "last";

export type Deeds = {
  addFiles(): void;
  addFolder(): void;
  pause(which: Which): void;
  resume(which: Which): void;
  retry(which: Which): void;
  /** asks first when bytes are stored */
  cancel(rows: readonly Row[]): void;
  forget(rows: readonly Row[]): void;
  forgetDone(): void;
  answer(rows: readonly Row[], answer: "replace" | "keepBoth" | "skip"): void;
  answerChanging(rows: readonly Row[], answer: "copy" | "wait"): void;
  move(rows: readonly Row[], to: Towards): void;
  copyAddress(rows: readonly Row[]): void;
  copyDetails(rows: readonly Row[]): void;
  saveReceipt(row: Row): void;
  /** against the server, and shows what comes of it */
  verify(row: Row): void;
  toggleDetail(): void;
  selectAll(): void;
  focusFilter(): void;
  show(screen: Screen, view?: View): void;
  help(): void;
  palette(): void;
};

export type Group = "Add" | "Uploads" | "Selection" | "Go to";

export type Action = {
  id: string;
  label: string;
  group: Group;
  keys: readonly string[];
  enabled(desk: Desk): boolean;
  run(desk: Desk): void;
};

const PAUSABLE = new Set<Status>(["waiting", "preparing", "sending", "offline"]);
const CANCELLABLE = new Set<Status>(["waiting", "preparing", "sending", "offline", "paused"]);
const RETRIABLE = new Set<Status>(["failed", "aborted"]);
const ENDED = new Set<Status>(["done", "failed", "aborted"]);

export const canPause = (row: Row) => PAUSABLE.has(row.status);
export const canResume = (row: Row) => row.status === "paused";
export const isChanging = (row: Row) => row.status === "failed" && keepsChanging(row.fault);
export const canCancel = (row: Row) => CANCELLABLE.has(row.status) || isChanging(row);
export const canForget = (row: Row) => ENDED.has(row.status);
export const canAnswer = (row: Row) => row.status === "failed" && row.fault?.kind === "exists";
export const canRetry = (row: Row) =>
  RETRIABLE.has(row.status) && !canAnswer(row) && !isChanging(row);
export const hasReceipt = (row: Row) => row.status === "done" && row.proof !== null;

const ids = (rows: readonly Row[], fits: (row: Row) => boolean): Which => ({
  which: "ids",
  ids: rows.filter(fits).map((row) => row.id),
});

/** An action on those of the selected uploads that it fits. */
function onRows(
  id: string,
  label: string,
  keys: readonly string[],
  fits: (row: Row) => boolean,
  run: (desk: Desk, rows: Row[]) => void,
): Action {
  return {
    id,
    label,
    group: "Selection",
    keys,
    enabled: (desk) => desk.screen === "uploads" && desk.selected.some(fits),
    run: (desk) => run(desk, desk.selected.filter(fits)),
  };
}

/** An action on a receipt: one at a time, each has a file or an answer of its own. */
function onReceipt(id: string, label: string, run: (deeds: Deeds, row: Row) => void): Action {
  const only = ({ screen, selected }: Desk) =>
    screen === "uploads" && selected.length === 1 ? selected.find(hasReceipt) : undefined;
  return {
    id,
    label,
    group: "Selection",
    keys: [],
    enabled: (desk) => only(desk) !== undefined,
    run: (desk) => {
      const row = only(desk);
      if (row) run(desk.deeds, row);
    },
  };
}

/** Any row can be moved, whatever became of it; all at once have nowhere to go. */
function moveTo(id: string, label: string, keys: string, to: Towards): Action {
  return {
    id,
    label,
    group: "Selection",
    keys: [keys],
    enabled: ({ screen, selected, totals }) =>
      screen === "uploads" && selected.length > 0 && selected.length < totals.all,
    run: (desk) => desk.deeds.move(desk.selected, to),
  };
}

function goTo(id: string, label: string, key: string, screen: Screen, view?: View): Action {
  return {
    id,
    label,
    group: "Go to",
    keys: [key],
    enabled: () => true,
    run: (desk) => desk.deeds.show(screen, view),
  };
}

export const ACTIONS: readonly Action[] = [
  {
    id: "addFiles",
    label: "Add files...",
    group: "Add",
    keys: ["Mod+O"],
    enabled: (desk) => desk.hasConnection,
    run: (desk) => desk.deeds.addFiles(),
  },
  {
    id: "addFolder",
    label: "Add folder...",
    group: "Add",
    keys: ["Mod+Shift+O"],
    enabled: (desk) => desk.hasConnection,
    run: (desk) => desk.deeds.addFolder(),
  },
  {
    id: "pauseAll",
    label: "Pause all",
    group: "Uploads",
    keys: ["Mod+Shift+P"],
    enabled: ({ totals }) => totals.active + totals.waiting - totals.paused > 0,
    run: (desk) => desk.deeds.pause({ which: "all" }),
  },
  {
    id: "resumeAll",
    label: "Resume all",
    group: "Uploads",
    // The same keys as for pausing: they resume when there is nothing left to pause.
    keys: ["Mod+Shift+P"],
    enabled: ({ totals }) => totals.paused > 0,
    run: (desk) => desk.deeds.resume({ which: "all" }),
  },
  {
    id: "forgetDone",
    label: "Clear finished",
    group: "Uploads",
    keys: [],
    enabled: ({ totals }) => totals.done > 0,
    run: (desk) => desk.deeds.forgetDone(),
  },
  {
    id: "detail",
    label: "Show or hide details",
    group: "Selection",
    keys: ["Space"],
    enabled: (desk) => desk.screen === "uploads" && desk.totals.all > 0,
    run: (desk) => desk.deeds.toggleDetail(),
  },
  onRows("pause", "Pause", ["Mod+P"], canPause, (desk, rows) =>
    desk.deeds.pause(ids(rows, canPause)),
  ),
  onRows("resume", "Resume", ["Mod+P"], canResume, (desk, rows) =>
    desk.deeds.resume(ids(rows, canResume)),
  ),
  onRows("replace", "Replace what is there", [], canAnswer, (desk, rows) =>
    desk.deeds.answer(rows, "replace"),
  ),
  onRows("keepBoth", "Keep both", [], canAnswer, (desk, rows) =>
    desk.deeds.answer(rows, "keepBoth"),
  ),
  onRows("skip", "Skip", [], canAnswer, (desk, rows) => desk.deeds.answer(rows, "skip")),
  onRows("sendCopy", "Upload this state", [], isChanging, (desk, rows) =>
    desk.deeds.answerChanging(rows, "copy"),
  ),
  onRows("keepWaiting", "Keep waiting", [], isChanging, (desk, rows) =>
    desk.deeds.answerChanging(rows, "wait"),
  ),
  onRows("retry", "Try again", ["Mod+R"], canRetry, (desk, rows) =>
    desk.deeds.retry(ids(rows, canRetry)),
  ),
  moveTo("moveFirst", "Move to top", "Alt+Home", "first"),
  moveTo("moveUp", "Move up", "Alt+Up", "up"),
  moveTo("moveDown", "Move down", "Alt+Down", "down"),
  moveTo("moveLast", "Move to bottom", "Alt+End", "last"),
  onRows(
    "copyAddress",
    "Copy address",
    ["Mod+C"],
    () => true,
    (desk, rows) => desk.deeds.copyAddress(rows),
  ),
  onRows(
    "copyDetails",
    "Copy details of the failure",
    [],
    (row) => row.fault !== null,
    (desk, rows) => desk.deeds.copyDetails(rows),
  ),
  onReceipt("receipt.save", "Save receipt...", (deeds, row) => deeds.saveReceipt(row)),
  onReceipt("receipt.verify", "Verify again", (deeds, row) => deeds.verify(row)),
  onRows("cancel", "Cancel upload...", ["Mod+Backspace", "Delete"], canCancel, (desk, rows) =>
    desk.deeds.cancel(rows),
  ),
  onRows("forget", "Remove from list", ["Mod+Backspace", "Delete"], canForget, (desk, rows) =>
    desk.deeds.forget(rows),
  ),
  {
    id: "selectAll",
    label: "Select all",
    group: "Selection",
    keys: ["Mod+A"],
    enabled: (desk) => desk.screen === "uploads" && desk.totals.all > 0,
    run: (desk) => desk.deeds.selectAll(),
  },
  {
    id: "filter",
    label: "Filter by name",
    group: "Uploads",
    keys: ["Mod+F"],
    enabled: (desk) => desk.screen === "uploads" && desk.totals.all > 0,
    run: (desk) => desk.deeds.focusFilter(),
  },
  goTo("all", "All uploads", "Mod+1", "uploads", "all"),
  goTo("active", "Active", "Mod+2", "uploads", "active"),
  goTo("waiting", "Waiting", "Mod+3", "uploads", "waiting"),
  goTo("failed", "Failed", "Mod+4", "uploads", "failed"),
  goTo("done", "Done", "Mod+5", "uploads", "done"),
  goTo("connections", "Connections", "Mod+Shift+C", "connections"),
  goTo("settings", "Settings", "Mod+,", "settings"),
  {
    id: "palette",
    label: "Find an action...",
    group: "Go to",
    keys: ["Mod+K"],
    enabled: () => true,
    run: (desk) => desk.deeds.palette(),
  },
  {
    id: "help",
    label: "Keys",
    group: "Go to",
    keys: ["?"],
    enabled: () => true,
    run: (desk) => desk.deeds.help(),
  },
];

export function action(id: string): Action | undefined {
  return ACTIONS.find((one) => one.id === id);
}

/** What can be done just now whose label has every word that is typed; those that begin with the first come first. */
export function search(typed: string, desk: Desk): Action[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const label = (one: Action) => one.label.toLowerCase();
  const begins = (one: Action) => label(one).startsWith(words[0] ?? "");
  return ACTIONS.filter((one) => one.id !== "palette" && one.enabled(desk))
    .filter((one) => words.every((word) => label(one).includes(word)))
    .sort((one, other) => Number(begins(other)) - Number(begins(one)));
}

/** The first action that these keys mean just now. */
export function pressed(press: Press, desk: Desk, mac: boolean): Action | undefined {
  return ACTIONS.find(
    (one) => one.keys.some((keys) => matches(keys, press, mac)) && one.enabled(desk),
  );
}

/** What the right-click menu of the selected uploads offers, in this order; "-" draws a line. */
const MENU = [
  ["pause", "resume", "replace", "keepBoth", "skip", "sendCopy", "keepWaiting", "retry"],
  ["moveFirst", "moveUp", "moveDown", "moveLast"],
  ["copyAddress", "copyDetails"],
  ["receipt.save", "receipt.verify"],
  ["cancel", "forget"],
] as const;

export function rowMenu(desk: Desk): Action[][] {
  return MENU.map((section) =>
    section
      .map((id) => action(id))
      .filter((one): one is Action => one !== undefined && one.enabled(desk)),
  ).filter((section) => section.length > 0);
}

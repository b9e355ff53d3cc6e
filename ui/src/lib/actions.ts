// Everything a person can do, in one table: feeds the buttons, the menus, the keys and the help.
import type { Action, ActionHandlers, Desk, Doing, Picked, Screen, Towards } from "./actionTypes";
import { keepsChanging } from "./faults";
import type { ExistsAnswer } from "./keyConflict";
import { matches, type Press } from "./keys";
import { SERVER_DOINGS, SERVER_MENU } from "./serverActions";
import { say } from "../i18n/language.svelte";
import type { Row, Sort, Status, View, Selection } from "./wire/wire";

export type {
  Action,
  ActionHandlers,
  Desk,
  Doing,
  Group,
  Picked,
  Screen,
  ServerDesk,
  Towards,
} from "./actionTypes";

type Allowed = "pause" | "resume" | "retry" | "cancel" | "forget";

/** What an upload's status allows by itself; a new status does not compile until that is decided. */
const ALLOWED: Record<Status, readonly Allowed[]> = {
  waiting: ["pause", "cancel"],
  preparing: ["pause", "cancel"],
  sending: ["pause", "cancel"],
  offline: ["pause", "cancel"],
  completing: [],
  needsAnswer: ["cancel"],
  pausing: ["resume", "cancel"],
  paused: ["resume", "cancel"],
  done: ["forget"],
  skipped: ["forget"],
  failed: ["retry", "forget"],
  aborting: [],
  aborted: ["retry", "forget"],
};

const allows = (row: Row, what: Allowed) => ALLOWED[row.status].includes(what);

export const canPause = (row: Row) => allows(row, "pause");
export const canResume = (row: Row) => allows(row, "resume");
export const isChanging = (row: Row) => row.status === "failed" && keepsChanging(row.fault);
export const canCancel = (row: Row) => allows(row, "cancel") || isChanging(row);
export const canForget = (row: Row) => allows(row, "forget");
export const needsAnswer = (row: Row) => row.status === "needsAnswer";
/** Or it failed because the object exists: it was added to fail then, or an older version stopped it. */
export const canAnswer = (row: Row) =>
  needsAnswer(row) || (row.status === "failed" && row.fault?.kind === "exists");
export const canUndo = (row: Row) => row.canUndo;
export const canRetry = (row: Row) =>
  allows(row, "retry") && !canUndo(row) && !canAnswer(row) && !isChanging(row);
export const isDone = (row: Row) => row.status === "done";
export const hasReceipt = (row: Row) => isDone(row) && row.proof !== null;

/** Those that it fits; where not all are known, the engine passes over what it does not fit. */
function picked({ selected, selectedIds }: Desk, fits: (row: Row) => boolean): Picked {
  const rows = selected.filter(fits);
  if (selected.length === selectedIds.size) return { ids: rows.map((row) => row.id), rows };
  return { ids: [...selectedIds], rows };
}

/** Uploads as a command names them. */
const which = ({ ids }: Picked): Selection => ({ which: "ids", ids: [...ids] });

/** An action on those of the selected uploads that it fits. */
function onRows(
  id: Doing["id"],
  keys: readonly string[],
  fits: (row: Row) => boolean,
  run: (desk: Desk, picked: Picked) => void,
): Doing {
  return {
    id,
    group: "selection",
    keys,
    enabled: (desk) =>
      desk.screen === "uploads" &&
      (desk.selected.some(fits) || desk.selectedIds.size > desk.selected.length),
    run: (desk) => run(desk, picked(desk, fits)),
  };
}

/** What to do about the object that already has an upload's key. */
function answerWith(id: Doing["id"], keys: readonly string[], answer: ExistsAnswer): Doing {
  return onRows(id, keys, canAnswer, (desk, all) => desk.handlers.answer(all, answer, false));
}

/** The same for all that were added together with it and need an answer. */
function answerAllWith(id: Doing["id"], answer: ExistsAnswer): Doing {
  return onRows(id, [], needsAnswer, (desk, all) => desk.handlers.answer(all, answer, true));
}

/** An action on one upload at a time: each has a file, a link or an answer of its own. */
function onOne(
  id: Doing["id"],
  keys: readonly string[],
  fits: (row: Row) => boolean,
  run: (handlers: ActionHandlers, row: Row) => void,
): Doing {
  const only = ({ screen, selected, selectedIds }: Desk) =>
    screen === "uploads" && selectedIds.size === 1 ? selected.find(fits) : undefined;
  return {
    id,
    group: "selection",
    keys,
    enabled: (desk) => only(desk) !== undefined,
    run: (desk) => {
      const row = only(desk);
      if (row) run(desk.handlers, row);
    },
  };
}

/** A list is shown, and has something in it. */
function hasRows({ screen, totals, server }: Desk): boolean {
  return screen === "unfinished" ? server.shown.length > 0 : screen === "uploads" && totals.all > 0;
}

/** Any row can be moved, whatever became of it; all at once have nowhere to go. */
function moveTo(id: Doing["id"], keys: string, to: Towards): Doing {
  return {
    id,
    group: "selection",
    keys: [keys],
    enabled: ({ screen, selectedIds, totals, sort }) =>
      screen === "uploads" &&
      sort === "queue" &&
      selectedIds.size > 0 &&
      selectedIds.size < totals.all,
    run: (desk) =>
      desk.handlers.move(
        picked(desk, () => true),
        to,
      ),
  };
}

function sortBy(id: Doing["id"], by: Sort): Doing {
  return {
    id,
    group: "uploads",
    keys: [],
    enabled: ({ screen, totals }) => screen === "uploads" && totals.all > 0,
    run: (desk) => desk.handlers.sort(by),
  };
}

/** The orders that a list can have, by the action that chooses each. */
export const SORTS = [
  ["sortQueue", "queue"],
  ["sortName", "name"],
  ["sortLargest", "largest"],
  ["sortNewest", "newest"],
] as const;

function goTo(id: Doing["id"], key: string | null, screen: Screen, view?: View): Doing {
  return {
    id,
    group: "goTo",
    keys: key === null ? [] : [key],
    enabled: () => true,
    run: (desk) => desk.handlers.show(screen, view),
  };
}

const DOINGS: readonly Doing[] = [
  {
    id: "addFiles",
    group: "add",
    keys: ["Mod+O"],
    enabled: (desk) => desk.hasConnection,
    run: (desk) => desk.handlers.addFiles(),
  },
  {
    id: "addFolder",
    group: "add",
    keys: ["Mod+Shift+O"],
    enabled: (desk) => desk.hasConnection,
    run: (desk) => desk.handlers.addFolder(),
  },
  {
    id: "pauseAll",
    group: "uploads",
    keys: ["Mod+Shift+P"],
    enabled: ({ totals }) => totals.active + totals.waiting > 0,
    run: (desk) => desk.handlers.pause({ which: "all" }),
  },
  {
    id: "resumeAll",
    group: "uploads",
    // The same keys as for pausing: they resume when there is nothing left to pause.
    keys: ["Mod+Shift+P"],
    enabled: ({ totals }) => totals.paused > 0,
    run: (desk) => desk.handlers.resume({ which: "all" }),
  },
  {
    id: "forgetDone",
    group: "uploads",
    keys: [],
    enabled: ({ totals }) => totals.done > 0,
    run: (desk) => desk.handlers.forgetEnded("done"),
  },
  {
    id: "forgetSkipped",
    group: "uploads",
    keys: [],
    enabled: ({ totals }) => totals.skipped > 0,
    run: (desk) => desk.handlers.forgetEnded("skipped"),
  },
  {
    id: "forgetCancelled",
    group: "uploads",
    keys: [],
    enabled: ({ totals }) => totals.cancelled > 0,
    run: (desk) => desk.handlers.forgetEnded("cancelled"),
  },
  {
    id: "undo",
    group: "uploads",
    keys: ["Mod+Z"],
    enabled: (desk) => desk.canUndo,
    run: (desk) => desk.handlers.undo(),
  },
  {
    id: "detail",
    group: "selection",
    keys: ["Space"],
    enabled: (desk) => desk.screen === "uploads" && desk.totals.all > 0,
    run: (desk) => desk.handlers.toggleDetail(),
  },
  onRows("pause", ["Mod+P"], canPause, (desk, all) => desk.handlers.pause(which(all))),
  onRows("resume", ["Mod+P"], canResume, (desk, all) => desk.handlers.resume(which(all))),
  answerWith("replace", ["Mod+Shift+R"], "replace"),
  answerWith("keepBoth", ["Mod+Shift+B"], "keepBoth"),
  answerWith("skip", ["Mod+Shift+S"], "skip"),
  answerAllWith("replaceAll", "replace"),
  answerAllWith("keepBothAll", "keepBoth"),
  answerAllWith("skipAll", "skip"),
  onRows("sendCopy", [], isChanging, (desk, all) => desk.handlers.answerChanging(all, "copy")),
  onRows("keepWaiting", [], isChanging, (desk, all) => desk.handlers.answerChanging(all, "wait")),
  onRows("undoCancel", [], canUndo, (desk, all) => desk.handlers.undoCancel(all)),
  onRows("retry", ["Mod+R"], canRetry, (desk, all) => desk.handlers.retry(which(all))),
  moveTo("moveFirst", "Alt+Home", "first"),
  moveTo("moveUp", "Alt+Up", "up"),
  moveTo("moveDown", "Alt+Down", "down"),
  moveTo("moveLast", "Alt+End", "last"),
  onRows(
    "copyAddress",
    ["Mod+C"],
    () => true,
    (desk, all) => desk.handlers.copyAddress(all),
  ),
  onRows(
    "copyDetails",
    [],
    (row) => row.fault !== null,
    (desk, all) => desk.handlers.copyDetails(all),
  ),
  onOne(
    "reveal",
    ["Mod+E"],
    () => true,
    (handlers, row) => handlers.reveal(row),
  ),
  onOne("link", [], isDone, (handlers, row) => handlers.link(row)),
  onOne("receipt.open", [], hasReceipt, (handlers, row) => handlers.openReceipt(row)),
  onOne("receipt.save", [], hasReceipt, (handlers, row) => handlers.saveReceipt(row)),
  onOne("receipt.verify", [], hasReceipt, (handlers, row) => handlers.verify(row)),
  onRows("cancel", ["Mod+Backspace", "Delete"], canCancel, (desk, all) =>
    desk.handlers.cancel(all),
  ),
  onRows("forget", ["Mod+Backspace", "Delete"], canForget, (desk, all) =>
    desk.handlers.forget(all),
  ),
  {
    id: "selectAll",
    group: "selection",
    keys: ["Mod+A"],
    enabled: hasRows,
    run: (desk) => desk.handlers.selectAll(),
  },
  {
    id: "filter",
    group: "uploads",
    keys: ["Mod+F"],
    enabled: hasRows,
    run: (desk) => desk.handlers.focusFilter(),
  },
  ...SORTS.map(([id, by]) => sortBy(id, by)),
  ...SERVER_DOINGS,
  goTo("all", "Mod+1", "uploads", "all"),
  goTo("active", "Mod+2", "uploads", "active"),
  goTo("waiting", "Mod+3", "uploads", "waiting"),
  goTo("paused", "Mod+8", "uploads", "paused"),
  goTo("needsAnswer", "Mod+7", "uploads", "needsAnswer"),
  goTo("failed", "Mod+4", "uploads", "failed"),
  goTo("done", "Mod+5", "uploads", "done"),
  goTo("skipped", null, "uploads", "skipped"),
  goTo("cancelled", null, "uploads", "cancelled"),
  goTo("unfinished", "Mod+6", "unfinished"),
  goTo("connections", "Mod+Shift+C", "connections"),
  goTo("settings", "Mod+,", "settings"),
  {
    id: "menuBar",
    group: "goTo",
    keys: ["F10"],
    enabled: () => true,
    run: (desk) => desk.handlers.menuBar(),
  },
  {
    id: "quit",
    group: "goTo",
    keys: ["Mod+Q"],
    enabled: () => true,
    run: (desk) => desk.handlers.quit(),
  },
  {
    id: "palette",
    group: "goTo",
    keys: ["Mod+K"],
    enabled: () => true,
    run: (desk) => desk.handlers.palette(),
  },
  {
    id: "help",
    group: "goTo",
    keys: ["?", "F1"],
    enabled: () => true,
    run: (desk) => desk.handlers.help(),
  },
];

/** The label is read where it is shown: the language may be another one by then. */
export const ACTIONS: readonly Action[] = DOINGS.map((one) => ({
  ...one,
  get label() {
    return say.actions.labels[one.id];
  },
}));

/** Where a label is said rather than pressed, the dots say nothing. */
export function named({ label }: Action): string {
  return label.replace(/ ?\.\.\.$/, "");
}

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
  [
    "pause",
    "resume",
    "replace",
    "keepBoth",
    "skip",
    "sendCopy",
    "keepWaiting",
    "undoCancel",
    "retry",
  ],
  ["replaceAll", "keepBothAll", "skipAll"],
  ["moveFirst", "moveUp", "moveDown", "moveLast"],
  ["copyAddress", "link", "reveal", "copyDetails"],
  ["receipt.open", "receipt.save", "receipt.verify"],
  ["cancel", "forget"],
] as const;

export function rowMenu(desk: Desk): Action[][] {
  const menu: readonly (readonly string[])[] = desk.screen === "unfinished" ? SERVER_MENU : MENU;
  return menu
    .map((section) =>
      section
        .map((id) => action(id))
        .filter((one): one is Action => one !== undefined && one.enabled(desk)),
    )
    .filter((section) => section.length > 0);
}

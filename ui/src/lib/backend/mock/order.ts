// The stand-in's order: which rows a list shows, and rows moved in it as the engine moves them; knows no time.
import type { Place, Row, Status, View } from "../../wire/wire";

/** The list, beside that of all, that shows an upload. */
const LIST: Record<Status, View> = {
  waiting: "waiting",
  preparing: "active",
  sending: "active",
  offline: "active",
  completing: "active",
  needsAnswer: "needsAnswer",
  pausing: "active",
  done: "done",
  skipped: "skipped",
  paused: "paused",
  failed: "failed",
  aborting: "active",
  aborted: "cancelled",
};

export function inView(row: Row, view: View, filter: string): boolean {
  if (!row.name.toLowerCase().includes(filter.toLowerCase())) return false;
  return view === "all" || LIST[row.status] === view;
}

/** The moved ones keep their order among themselves. */
export function reordered<T extends { row: Row }>(
  all: readonly T[],
  isMoved: (one: T) => boolean,
  to: Place,
): T[] {
  const moved = all.filter(isMoved);
  const rest = all.filter((one) => !isMoved(one));
  /** how many that stay are above a place of the whole list */
  const staying = (end: number) => all.slice(0, end).filter((one) => !isMoved(one)).length;
  const first = all.findIndex(isMoved);
  if (first < 0) return rest;
  const last = all.findLastIndex(isMoved);
  let at = staying(first);
  if (to.place === "first") at = 0;
  else if (to.place === "last") at = rest.length;
  else if (to.place === "before") {
    const anchor = all.findIndex((one) => one.row.id === to.id);
    if (anchor < 0) return [...all];
    at = staying(anchor);
  } else {
    const seen = (one: T) => inView(one.row, to.view, to.filter);
    if (to.place === "up") {
      const past = rest.slice(0, at).findLastIndex(seen);
      if (past >= 0) at = past;
    } else {
      at = staying(last + 1);
      const past = rest.slice(at).findIndex(seen);
      if (past >= 0) at += past + 1;
    }
  }
  return [...rest.slice(0, at), ...moved, ...rest.slice(at)];
}

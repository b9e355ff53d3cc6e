// What an upload's status says about its bytes: whether they move, and what its bar looks like. Knows no words and no element.
import type { Row, Status } from "./wire/wire";

type Progress = {
  /** bytes go out */
  sends: boolean;
  /** when its row in the list has a bar */
  bar: "always" | "onceStored" | "never";
  tone: "going" | "still";
};

/** A new status does not compile until each of these is decided. */
const PROGRESS: Record<Status, Progress> = {
  waiting: { sends: false, bar: "onceStored", tone: "still" },
  preparing: { sends: false, bar: "always", tone: "going" },
  sending: { sends: true, bar: "always", tone: "going" },
  offline: { sends: false, bar: "always", tone: "going" },
  completing: { sends: false, bar: "always", tone: "going" },
  pausing: { sends: true, bar: "always", tone: "going" },
  done: { sends: false, bar: "never", tone: "still" },
  paused: { sends: false, bar: "onceStored", tone: "still" },
  failed: { sends: false, bar: "never", tone: "still" },
  aborting: { sends: false, bar: "never", tone: "still" },
  aborted: { sends: false, bar: "never", tone: "still" },
};

/** Whether its row in the list has a bar. */
export function hasBar({ status, stored }: Row): boolean {
  const { bar } = PROGRESS[status];
  return bar === "always" || (bar === "onceStored" && stored > 0);
}

/** What its bar looks like, in the list and in the details. */
export const barTone = ({ status }: Row) => PROGRESS[status].tone;

/** Whether its bytes go out now. */
export const isMoving = ({ status }: Row) => PROGRESS[status].sends;

/** What keeps its bytes from moving; one that is pausing is not to go on. */
export const blockedBy = ({ status, waits }: Row) => (status === "pausing" ? null : waits);

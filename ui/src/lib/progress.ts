// What an upload's status says about its bytes: whether they move, what its bar looks like, and what an
// interruption would cost. Knows no words and no element.
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

/** What keeps its bytes from moving; nothing for one that is pausing, which does not go on by itself. */
export const blockedBy = ({ status, waits }: Row) => (status === "pausing" ? null : waits);

/** An interruption costs much if sending it again takes longer than these seconds, and it is more than these bytes. */
const MUCH = { seconds: 10, bytes: 10 * 1024 * 1024 };

/**
 * Whether an interruption would cost so much that the list says it. Once said, it stays until the cost has halved: it
 * rises and falls with every part, and the words must not come and go with it.
 */
export function isCostly(row: Row, said = false): boolean {
  const { inFlight, rate } = row;
  const share = said ? 0.5 : 1;
  return (
    isMoving(row) &&
    rate > 0 &&
    inFlight > share * MUCH.seconds * rate &&
    inFlight > share * MUCH.bytes
  );
}

/** The bytes that an interruption would cost, to two digits: more cannot be read while they change. */
export const breakCost = ({ inFlight }: Row) => Number(inFlight.toPrecision(2));

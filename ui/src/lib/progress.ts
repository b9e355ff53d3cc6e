// What is shown of an upload's bytes, and of those of all: list, details, foot and tray take their numbers from here, so
// that they agree. And what its status says about them. Knows no words and no element.
import { percent } from "./format";
import type { Detail, Fault, Row, Status, Totals } from "./wire/wire";

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
  needsAnswer: { sends: false, bar: "never", tone: "still" },
  pausing: { sends: true, bar: "always", tone: "going" },
  done: { sends: false, bar: "never", tone: "still" },
  skipped: { sends: false, bar: "never", tone: "still" },
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

/** What somebody has to sign in for before its bytes move. */
export function signInFault(row: Row): Fault | null {
  const blocked = blockedBy(row);
  if (row.status !== "offline" || blocked?.for !== "outOfReach") return null;
  const { fault } = blocked;
  return fault.kind === "signIn" && fault.code === null ? fault : null;
}

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

/** To two digits. */
export const twoDigits = (n: number) => Number(n.toPrecision(2));

/** The bytes that an interruption would cost, to two digits: more cannot be read while they change. */
export const breakCost = ({ inFlight }: Row) => twoDigits(inFlight);

export type Figures = {
  /** bytes on the server, and those with what is on its way; never more than the size */
  stored: number;
  sent: number;
  /** of what was sent: whole percents, and 100 only once everything is stored */
  percent: number;
  /** the solid part of the bar, and the lighter one that follows it, as fractions */
  solid: number;
  light: number;
  /** bytes a second, while bytes go out */
  rate: number | null;
  secondsLeft: number | null;
};

/** The numbers of one upload. */
export function figures(row: Row): Figures {
  const { size, rate, secondsLeft } = row;
  const stored = Math.min(size, row.stored);
  const sent = Math.min(size, stored + row.inFlight);
  const share = (n: number) => (size === 0 ? 0 : n / size);
  const sends = row.status === "sending";
  return {
    stored,
    sent,
    percent: stored < size ? Math.min(99, percent(sent, size)) : percent(stored, size),
    solid: share(stored),
    light: share(sent - stored),
    rate: sends ? rate : null,
    secondsLeft: sends ? secondsLeft : null,
  };
}

/** A request and its count are read one after the other, so that less than this says nothing. */
const NOTICEABLE = 1024 * 1024;

/**
 * Body bytes that left for nothing: neither stored nor on their way. Only once the upload is done were as many sent twice;
 * before, they are what an interruption or a cancel has cost.
 */
export function sentInVain({ row, sent }: Detail): number {
  const figured = figures(row);
  const vain = sent - (row.status === "done" ? row.size : figured.sent);
  return vain >= NOTICEABLE ? vain : 0;
}

/** Whether nothing is sent of it any more, and nothing is wrong: a bar would say nothing. */
export const isOver = ({ status }: Row) =>
  status === "done" || status === "skipped" || status === "aborted";

/** How many uploads are done, of all that were not cancelled. */
export const finished = ({ all, cancelled, done }: Totals) => ({ done, of: all - cancelled });

/** A rate and a time left mean something only while bytes go out. */
export const moves = (totals: Totals) => totals.active > 0 && !totals.offline;

/** Seconds until everything is sent that is not paused. */
export const totalLeft = (totals: Totals) => (moves(totals) ? totals.secondsLeft : null);

// How everything stands, in a line: for the foot of the window and for the tray. Knows the totals alone.
import { say } from "../words/language.svelte";
import { count, left, rate } from "./format";
import type { Totals } from "./wire/wire";

/** Without the rate, which the window sets apart. */
export function standing(totals: Totals, secondsLeft: number | null): string {
  const { status } = say.frame;
  if (totals.all === 0) return "";
  if (totals.offline) return status.offline;
  if (totals.active === 0) {
    const waiting = totals.waiting - totals.paused;
    if (waiting > 0) return status.waiting(count(waiting));
    if (totals.paused > 0) return status.paused(count(totals.paused));
    if (totals.failed > 0) return status.failed(count(totals.failed));
    if (totals.done === 0) return "";
    return totals.done === totals.all ? status.allDone(totals.done) : status.done(totals.done);
  }
  const parts = [status.active(count(totals.active), count(totals.all))];
  if (secondsLeft !== null) parts.push(status.left(left(secondsLeft)));
  return parts.join(" · ");
}

/** A rate means something only while bytes go out. */
export const moves = (totals: Totals) => totals.active > 0 && !totals.offline;

/** With the rate, where there is one. */
export function inOneLine(totals: Totals, secondsLeft: number | null): string {
  const line = standing(totals, secondsLeft);
  return moves(totals) ? `${rate(totals.rate)} · ${line}` : line;
}

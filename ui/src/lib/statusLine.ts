// How everything stands, in a line: for the foot of the window and for the tray. Knows the totals alone.
import { say } from "../i18n/language.svelte";
import { bytes, count, left, rate } from "./format";
import { ahead, clockTime, shortDayName } from "./hours";
import { finished, moves, totalLeft } from "./progress";
import type { Totals } from "./wire/wire";

/** Without the rate, which the window sets apart. */
export function statusLine(totals: Totals): string {
  const { status } = say.frame;
  if (totals.all === 0) return "";
  if (totals.signIn > 0) return status.signIn;
  if (totals.offline) return status.offline;
  if (totals.active === 0) {
    if (totals.waiting > 0) return status.waiting(count(totals.waiting));
    if (totals.paused > 0) return status.paused(count(totals.paused));
    if (totals.failed > 0) return status.failed(count(totals.failed));
    if (totals.skipped > 0) return withSkipped(status.done(totals.done), totals);
    if (totals.done === 0) return "";
    return totals.done === totals.all ? status.allDone(totals.done) : status.done(totals.done);
  }
  const { done, of } = finished(totals);
  const parts = [
    of === 1 ? status.one : withSkipped(status.doneOf(count(done), count(of)), totals),
  ];
  const secondsLeft = totalLeft(totals);
  if (secondsLeft !== null) parts.push(status.left(left(secondsLeft)));
  return parts.join(" · ");
}

const withSkipped = (done: string, { skipped }: Totals) =>
  skipped > 0 ? `${done}, ${say.frame.status.skipped(count(skipped))}` : done;

/** The limit that holds now, and until when where that is known. */
export function allowed({ limit, limitUntil }: Totals, now = new Date()): string {
  const { status } = say.frame;
  const what = limit === null ? status.fullSpeed : status.atMost(`${bytes(limit)}/s`);
  if (limitUntil === null) return what;
  const time = clockTime(limitUntil.minute);
  const soon = ahead(limitUntil, now) < 24 * 60;
  return status.until(what, soon ? time : `${shortDayName(limitUntil.day)} ${time}`);
}

/** How many uploads need the user's answer, or "" if none does. */
export const asks = ({ needsAnswer }: Totals) =>
  needsAnswer > 0 ? say.frame.status.needsAnswer(needsAnswer) : "";

/** With the rate, and what needs an answer, if there is any. */
export function inOneLine(totals: Totals): string {
  const line = statusLine(totals);
  return [moves(totals) ? rate(totals.rate) : "", line, asks(totals)].filter(Boolean).join(" · ");
}

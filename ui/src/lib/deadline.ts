// What will end before an upload does, as a sentence without its full stop; knows no clock and no element.
import { say } from "../i18n/language.svelte";
import { bytes, took } from "./format";
import { clockTime, shortDayName } from "./hours";
import type { Deadline, Ends } from "./wire/wire";

const DAY = 24 * 3600;

export function describeDeadline({ rate, needs, ends }: Deadline): string {
  return say.deadline.line(`${bytes(rate)}/s`, about(needs), ending(ends));
}

function ending(of: Ends): string {
  const words = say.deadline;
  const within = about(of.within);
  switch (of.what) {
    case "signInRenewed": {
      const time = clockTime(of.until.minute);
      return words.signInRenewed(within, of.soon ? time : `${shortDayName(of.until.day)} ${time}`);
    }
    case "upload":
      return words[of.by](within, of.days);
    default:
      return words[of.what](within);
  }
}

/** The engine has rounded it for reading. */
function about(seconds: number): string {
  if (seconds >= 2 * DAY) return say.numbers.days(Math.round(seconds / DAY));
  return took(Math.max(60, seconds) * 1000);
}

// Which limit holds at a time of the week, as the engine has it; knows no upload.
import { DAYS, ofTheWeek, wallTime } from "../../hours";
import type { Day, ScheduledLimit, Settings, WallTime } from "../../wire/wire";

const DAY = 24 * 60;
const WEEK = 7 * DAY;

function covers({ days, from, until }: ScheduledLimit, minute: number): boolean {
  const length = until > from ? until - from : until + DAY - from;
  const since = (day: Day) => (minute + WEEK - ofTheWeek({ day, minute: from })) % WEEK;
  return days.some((day) => since(day) < length);
}

export function inForce(
  { limitHours, limit }: Settings,
  now: Date,
): { limit: number | null; limitUntil: WallTime | null } {
  const at = (minute: number) => {
    const line = limitHours.find((line) => covers(line, minute));
    return line === undefined ? limit : line.limit;
  };
  const here = ofTheWeek(wallTime(now));
  for (let later = 1; limitHours.length > 0 && later < WEEK; later += 1) {
    const minute = (here + later) % WEEK;
    if (at(minute) === at(here)) continue;
    const day = DAYS[Math.floor(minute / DAY)] ?? "mo";
    return { limit: at(here), limitUntil: { day, minute: minute % DAY } };
  }
  return { limit: at(here), limitUntil: null };
}

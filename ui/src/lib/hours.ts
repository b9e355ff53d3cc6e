// Times of the week as they are written and typed; knows no limit and no element.
import { figures } from "../i18n/figures";
import type { Day, WallTime } from "./wire/wire";

export const DAYS: readonly Day[] = ["mo", "tu", "we", "th", "fr", "sa", "su"];

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** That was a Monday. */
const monday = Date.UTC(2024, 0, 1);
const noonOf = (day: Day) => monday + (DAYS.indexOf(day) + 0.5) * DAY * 60_000;

export const dayName = (day: Day) => figures().weekday.format(noonOf(day));
export const shortDayName = (day: Day) => figures().shortWeekday.format(noonOf(day));

/** "08:00" */
export function clockTime(minute: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

/** What people type for a time of day: 8, 8:30, 08.30, 0830; 24:00 is 0. None where it is no time. */
export function toMinute(typed: string): number | null {
  const [, hours, minutes = "0"] = /^(\d{1,2})(?:[:.h]?(\d{2}))?$/.exec(typed.trim()) ?? [];
  if (hours === undefined) return null;
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (hour === 24 && minute === 0) return 0;
  return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

/** Its minute of the week, Monday's first is 0. */
export const ofTheWeek = ({ day, minute }: WallTime) => DAYS.indexOf(day) * DAY + minute;

export function wallTime(now: Date): WallTime {
  const day = DAYS[(now.getDay() + 6) % 7] ?? "mo";
  return { day, minute: now.getHours() * 60 + now.getMinutes() };
}

/** Minutes until then. */
export function ahead(until: WallTime, now: Date): number {
  return (ofTheWeek(until) - ofTheWeek(wallTime(now)) + WEEK) % WEEK;
}

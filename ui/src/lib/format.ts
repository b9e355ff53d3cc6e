// Numbers into the words the window shows: sizes, rates, times, as the language writes them; knows no upload and no element.
import { figures } from "../i18n/figures";
import { say } from "../i18n/language.svelte";

const DECIMAL = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;
const BINARY = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

export function count(n: number): string {
  return figures().count.format(n);
}

/** A count where there is room for four letters. */
export function short(n: number): string {
  return n > 999 ? `${count(999)}+` : count(n);
}

/** The engine's words begin small, to follow others; as a sentence of their own they begin large. Addresses stay. */
export function sentence(words: string): string {
  return /^\p{Ll}[\p{Ll}']* /u.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

/** With its full stop, which an abbreviation at its end has already: "1 Std." */
export function stopped(words: string): string {
  return words.endsWith(".") ? words : `${words}.`;
}

/** "1 file", "38 files" */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

function scale(n: number, base: number, units: readonly string[]): [number, string] {
  let value = n;
  let unit = 0;
  // 999.5 would be shown as 1000: it belongs to the next unit.
  while (unit < units.length - 1 && value >= (unit === 0 ? base : base - 0.5)) {
    value /= base;
    unit += 1;
  }
  return [value, units[unit] ?? ""];
}

/** Three digits at most: 1.02, 25.6, 412. */
function digits(value: number): string {
  const decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return figures().upTo[decimals].format(value);
}

function size(n: number, base: number, units: readonly string[]): string {
  const [value, unit] = scale(n, base, units);
  return unit === "bytes" ? say.numbers.bytes(Math.round(value)) : `${digits(value)} ${unit}`;
}

/** A size as file managers show it: 41.2 GB. */
export function bytes(n: number): string {
  return size(n, 1000, DECIMAL);
}

/** A part size, which S3 counts in powers of two: 80 MiB. */
export function binary(n: number): string {
  return size(n, 1024, BINARY);
}

/** "25.6 of 41.2 GB": the unit is said once where both share it. */
export function bytesOf(part: number, whole: number): string {
  if (part >= whole) return bytes(whole);
  const [value, partUnit] = scale(part, 1000, DECIMAL);
  const [, wholeUnit] = scale(whole, 1000, DECIMAL);
  if (part === 0) return say.numbers.of(count(0), bytes(whole));
  if (partUnit !== wholeUnit || wholeUnit === "bytes") {
    return say.numbers.of(bytes(part), bytes(whole));
  }
  // Three digits, as sizes have, and the same decimals always, so that the text does not change its width at every tick.
  const decimals = value >= 9.995 ? figures().tenths : figures().hundredths;
  const shown = value >= 99.95 ? count(Math.round(value)) : decimals.format(value);
  return say.numbers.of(shown, bytes(whole));
}

export function rate(bytesPerSecond: number): string {
  const [value, unit] = scale(Math.max(0, bytesPerSecond), 1000, DECIMAL);
  if (unit === "bytes") return `${Math.round(value)} B/s`;
  const shown = value >= 9.95 ? count(Math.round(value)) : figures().tenths.format(value);
  return `${shown} ${unit}/s`;
}

/** Whole percents, and never 100 before the end. */
export function percent(part: number, whole: number): number {
  if (whole <= 0) return part > 0 ? 100 : 0;
  if (part >= whole) return 100;
  return Math.min(99, Math.max(0, Math.floor((part / whole) * 100)));
}

/** Time left, rounded so that it can be read and does not flicker. */
export function left(seconds: number): string {
  const { numbers } = say;
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  if (seconds <= 55) return numbers.seconds(Math.max(5, Math.ceil(seconds / 5) * 5));
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return numbers.minutes(Math.max(1, minutes));
  if (minutes < 24 * 60) {
    const step = minutes < 10 * 60 ? 5 : 60;
    return hours(Math.round(minutes / step) * step);
  }
  return numbers.days(Math.round(minutes / (24 * 60)));
}

function hours(minutes: number): string {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  return rest === 0 ? say.numbers.hours(whole) : say.numbers.hoursAndMinutes(whole, rest);
}

/** How long something took: 4 s, 3 min 20 s, 1 h 5 min. */
export function took(ms: number): string {
  const { numbers } = say;
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds === 0) return numbers.underASecond;
  if (seconds < 60) return numbers.seconds(seconds);
  if (seconds >= 3600) return hours(Math.round(seconds / 60));
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return rest === 0 ? numbers.minutes(minutes) : numbers.minutesAndSeconds(minutes, rest);
}

/** The time of day, with the date when it was not today. */
export function when(ms: number, now = Date.now()): string {
  const today = new Date(ms).toDateString() === new Date(now).toDateString();
  return (today ? figures().time : figures().dayAndTime).format(ms);
}

/** The day alone: 14 August 2026. */
export function day(ms: number): string {
  return figures().day.format(ms);
}

/** The day in a column: 14 Aug 2026. */
export function shortDay(ms: number): string {
  return figures().shortDay.format(ms);
}

/** Until when something holds: Fri, 14 August, 15:04. */
export function moment(ms: number): string {
  return figures().moment.format(ms);
}

/** Splits a name so that its end survives when the middle is cut out. */
export function ends(text: string, tail = 10): [string, string] {
  const letters = [...text];
  if (letters.length <= tail * 2) return [text, ""];
  return [letters.slice(0, -tail).join(""), letters.slice(-tail).join("")];
}

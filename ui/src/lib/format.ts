// Numbers into the words the window shows: sizes, rates, times; knows no upload and no element.

const DECIMAL = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;
const BINARY = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;
const grouped = new Intl.NumberFormat("en");

export function count(n: number): string {
  return grouped.format(n);
}

/** "1 file", "38 files" */
/** The engine's words begin small, to follow others; as a sentence of their own they begin large. Addresses stay. */
export function sentence(words: string): string {
  return /^[a-z][a-z']* /.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

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
function digits(value: number, unit: string): string {
  if (unit === "bytes") return count(Math.round(value));
  if (value >= 99.95) return count(Math.round(value));
  const text = value.toFixed(value >= 9.995 ? 1 : 2);
  return text.replace(/\.?0+$/, "");
}

/** A size as file managers show it: 41.2 GB. */
export function bytes(n: number): string {
  const [value, unit] = scale(n, 1000, DECIMAL);
  if (unit === "bytes") return plural(Math.round(value), "byte");
  return `${digits(value, unit)} ${unit}`;
}

/** A part size, which S3 counts in powers of two: 80 MiB. */
export function binary(n: number): string {
  const [value, unit] = scale(n, 1024, BINARY);
  if (unit === "bytes") return plural(Math.round(value), "byte");
  return `${digits(value, unit)} ${unit}`;
}

/** "25.6 of 41.2 GB": the unit is said once where both share it. */
export function bytesOf(part: number, whole: number): string {
  const [, partUnit] = scale(part, 1000, DECIMAL);
  const [, wholeUnit] = scale(whole, 1000, DECIMAL);
  if (part >= whole) return bytes(whole);
  if (part === 0) return `0 of ${bytes(whole)}`;
  if (partUnit !== wholeUnit || wholeUnit === "bytes") return `${bytes(part)} of ${bytes(whole)}`;
  const [value] = scale(part, 1000, DECIMAL);
  // One decimal always, so that the text does not change its width at every tick.
  const shown = value >= 99.95 ? count(Math.round(value)) : value.toFixed(1);
  return `${shown} of ${bytes(whole)}`;
}

export function rate(bytesPerSecond: number): string {
  const [value, unit] = scale(Math.max(0, bytesPerSecond), 1000, DECIMAL);
  if (unit === "bytes") return `${Math.round(value)} B/s`;
  const shown = value >= 9.95 ? count(Math.round(value)) : value.toFixed(1);
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
  if (!Number.isFinite(seconds) || seconds < 0) return "";
  if (seconds <= 55) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${Math.max(1, minutes)} min`;
  if (minutes < 24 * 60) {
    const tens = minutes < 10 * 60 ? Math.round(minutes / 5) * 5 : Math.round(minutes / 60) * 60;
    const hours = Math.floor(tens / 60);
    const rest = tens % 60;
    return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  }
  const days = Math.round(minutes / (24 * 60));
  return plural(days, "day");
}

/** How long something took: 4 s, 3 min 20 s, 1 h 5 min. */
export function took(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return seconds === 0 ? "under 1 s" : `${seconds} s`;
  if (seconds < 3600) {
    const rest = seconds % 60;
    return rest === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0
    ? `${minutes / 60} h`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The time of day, with the date when it was not today. */
export function when(ms: number, now = Date.now()): string {
  const date = new Date(ms);
  const time = date.toLocaleTimeString("en-GB");
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time}`;
}

/** The day alone: 14 August 2026. */
export function day(ms: number): string {
  const long = { day: "numeric", month: "long", year: "numeric" } as const;
  return new Date(ms).toLocaleDateString("en-GB", long);
}

/** Splits a name so that its end survives when the middle is cut out. */
export function ends(text: string, tail = 10): [string, string] {
  const letters = [...text];
  if (letters.length <= tail * 2) return [text, ""];
  return [letters.slice(0, -tail).join(""), letters.slice(-tail).join("")];
}

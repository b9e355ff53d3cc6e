// How the language that is spoken writes numbers and dates: Intl's formatters, made once a locale. Knows no word.
import { language } from "./locale.svelte";

export type Figures = {
  count: Intl.NumberFormat;
  /** how many decimals at most, and no empty ones: 1.02, 25.6, 412 */
  upTo: readonly [Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat];
  /** one decimal always: text that is told again and again keeps its width */
  tenths: Intl.NumberFormat;
  hundredths: Intl.NumberFormat;
  /** between a number and its decimals */
  point: string;
  forms: Intl.PluralRules;
  time: Intl.DateTimeFormat;
  dayAndTime: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
  /** as narrow as it can be read in a column */
  shortDay: Intl.DateTimeFormat;
  /** to the minute, with its day of the week: for what lies ahead */
  moment: Intl.DateTimeFormat;
  /** the day of the week by its name, and in two or three letters */
  weekday: Intl.DateTimeFormat;
  shortWeekday: Intl.DateTimeFormat;
};

/** Making one takes longer than drawing a row, and a list draws thousands. */
const made = new Map<string, Figures>();

export function figures(): Figures {
  const { locale } = language;
  let known = made.get(locale);
  if (!known) made.set(locale, (known = make(locale)));
  return known;
}

function make(locale: string): Figures {
  const decimals = (least: number, most: number) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most });
  // In English the day comes first and the clock has 24 hours, wherever: a log is read in both worlds.
  const dates = (shape: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.startsWith("en") ? "en-GB" : locale, shape);
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  return {
    count: decimals(0, 0),
    upTo: [decimals(0, 0), decimals(0, 1), decimals(0, 2)],
    tenths: decimals(1, 1),
    hundredths: decimals(2, 2),
    point: decimals(1, 1).format(0.5).replace(/\d/g, ""),
    forms: new Intl.PluralRules(locale),
    time: dates(clock),
    dayAndTime: dates({ day: "numeric", month: "short", ...clock }),
    day: dates({ day: "numeric", month: "long", year: "numeric" }),
    shortDay: dates({ day: "numeric", month: "short", year: "numeric" }),
    moment: dates({
      weekday: "short",
      day: "numeric",
      month: "long",
      hour: "2-digit",
      minute: "2-digit",
    }),
    weekday: dates({ weekday: "long", timeZone: "UTC" }),
    shortWeekday: dates({ weekday: "short", timeZone: "UTC" }),
  };
}

// Times of the week as people type them, and as they are told.
import { afterEach, expect, it } from "vitest";
import { cases } from "./cases";
import { language } from "../i18n/language.svelte";
import { inForce } from "./backend/mock/hours";
import { ahead, clockTime, dayName, shortDayName, toMinute } from "./hours";
import { allowed } from "./statusLine";
import type { Settings, Totals } from "./wire/wire";

afterEach(() => {
  language.wanted = "system";
});

it(
  "reads a time of day",
  cases(
    "%j is %j",
    [
      ["8", 480],
      ["08:00", 480],
      [" 8:05 ", 485],
      ["8.30", 510],
      ["0830", 510],
      ["8h30", 510],
      ["00:00", 0],
      ["24:00", 0],
      ["23:59", 1439],
    ],
    (typed, minute) => expect(toMinute(typed)).toBe(minute),
  ),
);

it(
  "takes nothing else for one",
  cases("%j", ["", "x", "25", "24:01", "8:60", "8:5", "-8", "8 Uhr", "123456"], (typed) =>
    expect(toMinute(typed)).toBeNull(),
  ),
);

it("times and days are written as the language does", () => {
  expect([clockTime(0), clockTime(485), clockTime(1439)]).toEqual(["00:00", "08:05", "23:59"]);
  language.wanted = "en";
  expect([dayName("mo"), shortDayName("su")]).toEqual(["Monday", "Sun"]);
  language.wanted = "de";
  expect([dayName("mo"), shortDayName("su")]).toEqual(["Montag", "So"]);
});

it("the limit is told with its end, and the day where that is far", () => {
  // a Wednesday
  const now = new Date(2026, 7, 12, 20, 0);
  const told = (limit: number | null, limitUntil: Totals["limitUntil"]) =>
    allowed({ limit, limitUntil } as Totals, now);
  language.wanted = "en";
  expect(told(null, null)).toBe("full speed");
  expect(told(2_000_000, null)).toBe("limited to 2 MB/s");
  expect(told(2_500_000, { day: "we", minute: 1320 })).toBe("limited to 2.5 MB/s until 22:00");
  expect(told(null, { day: "th", minute: 480 })).toBe("full speed until 08:00");
  expect(told(null, { day: "mo", minute: 480 })).toBe("full speed until Mon 08:00");
  language.wanted = "de";
  expect(told(2_500_000, { day: "mo", minute: 480 })).toBe("begrenzt auf 2,5 MB/s bis Mo 08:00");
  expect(ahead({ day: "we", minute: 19 * 60 }, now)).toBe(7 * 24 * 60 - 60);
});

it("the stand-in knows which hours hold", () => {
  const settings = {
    limit: 9,
    limitHours: [{ days: ["su"], from: 1320, until: 360, limit: null }],
  } as unknown as Settings;
  const at = (day: number, hour: number) => inForce(settings, new Date(2026, 7, day, hour));
  expect(at(16, 21)).toEqual({ limit: 9, limitUntil: { day: "su", minute: 1320 } });
  expect(at(17, 3)).toEqual({ limit: null, limitUntil: { day: "mo", minute: 360 } });
});

// Sizes and times in words, in German.
import { counted } from "../counted";
import type { numbers as en } from "../en/numbers";

export const numbers: typeof en = {
  bytes: (n) => counted(n, { one: "Byte", other: "Byte" }),
  days: (n) => counted(n, { one: "Tag", other: "Tage" }),
  of: (part, whole) => `${part} von ${whole}`,
  seconds: (n) => `${n} Sek.`,
  minutes: (n) => `${n} Min.`,
  hours: (n) => `${n} Std.`,
  minutesAndSeconds: (minutes, seconds) => `${minutes} Min. ${seconds} Sek.`,
  hoursAndMinutes: (hours, minutes) => `${hours} Std. ${minutes} Min.`,
  underASecond: "unter 1 Sek.",
};

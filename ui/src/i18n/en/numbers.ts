// Sizes and times: the units, and how two of them are joined. The figures come formatted.
import { counted } from "../counted";

export const numbers = {
  bytes: (n: number) => counted(n, { one: "byte", other: "bytes" }),
  days: (n: number) => counted(n, { one: "day", other: "days" }),
  of: (part: string, whole: string) => `${part} of ${whole}`,
  seconds: (n: number) => `${n} s`,
  minutes: (n: number) => `${n} min`,
  hours: (n: number) => `${n} h`,
  minutesAndSeconds: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,
  hoursAndMinutes: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
  underASecond: "under 1 s",
};

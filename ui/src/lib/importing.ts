// Connections of other programs in words: where one is from, and why it cannot be imported. Knows no element.
import { say } from "../i18n/language.svelte";
import type { Program, WhyNot } from "./wire/wire";

/** Proper names, the same in every language. */
export const PROGRAMS: Record<Program, string> = {
  rclone: "rclone",
  cyberduck: "Cyberduck",
  s3cmd: "s3cmd",
  mc: "mc",
};

export const origin = (program: Program, file: string) => `${PROGRAMS[program]}: ${file}`;

export function whyNot(of: WhyNot): string {
  const words = say.importing.whyNot;
  switch (of.is) {
    case "tooLarge":
      return words.tooLarge(say.numbers.bytes(of.bytes));
    case "unreadable":
      return words.unreadable(of.cause);
    case "notS3":
      return words.notS3(of.kind);
    default:
      return words[of.is];
  }
}

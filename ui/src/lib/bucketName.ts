// Why a bucket cannot have a name, in the user's language. Knows no element.
import { say } from "../i18n/language.svelte";
import { count } from "./format";
import type { InvalidBucketName } from "./wire/wire";

/** As a sentence without its end. */
export function bucketNameError(of: InvalidBucketName): string {
  const words = say.browsing.wrongName;
  switch (of.rule) {
    case "tooLong":
      return words.tooLong(count(of.characters));
    case "character":
      return words.character(of.character);
    case "reservedPrefix":
      return words.reservedPrefix(of.prefix);
    case "reservedSuffix":
      return words.reservedSuffix(of.suffix);
    default:
      return words[of.rule];
  }
}

/** Whether typing on can mend it. */
export function isUnfinished(of: InvalidBucketName): boolean {
  return of.rule === "tooShort" || of.rule === "ends";
}

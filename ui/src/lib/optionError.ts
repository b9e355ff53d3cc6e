// Why an object cannot be stored with the options it was given, or have a link, in the user's language.
import { say } from "../i18n/language.svelte";
import { count } from "./format";
import type { InvalidOption } from "./wire/wire";

const [LONGEST_LOCK, MOST_METADATA] = [36_500, 2048];

/** As a sentence without its end. */
export function optionError(of: InvalidOption): string {
  const words = say.optionError;
  switch (of.thing) {
    case "characters":
      return words.characters(of.header);
    case "notAscii":
      return words.notAscii(of.header);
    case "acl":
      return words.acl(of.acl);
    case "lockDays":
      return words.lockDays(count(1), count(LONGEST_LOCK), count(of.days));
    case "tags":
      return words.tags(count(of.count));
    case "tagName":
    case "tagValue":
    case "tagReserved":
    case "tagTwice":
    case "metadataName":
    case "metadataTwice":
      return words[of.thing](of.name);
    case "tagCharacter":
      return words.tagCharacter(of.name, of.character);
    case "metadataSize":
      return words.metadataSize(say.numbers.bytes(of.bytes), say.numbers.bytes(MOST_METADATA));
    case "keyLength":
      return words.keyLength(say.numbers.bytes(of.bytes));
    case "keyNotHere":
      return words.keyNotHere(of.md5);
    case "keyNeedsHttps":
      return words.keyNeedsHttps(of.endpoint);
    case "otherKey":
      return words.otherKey(of.key, of.md5);
    case "notEncrypted":
      return words.notEncrypted(of.place);
    case "notLocked":
      return words.notLocked(of.cause);
    default:
      return words[of.thing];
  }
}

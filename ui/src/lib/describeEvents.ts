// What the engine tells in kinds with values, in the words of the language that is spoken: an upload's history, what it waits
// for, what a test and a verification found. Knows no element; a kind without words does not compile.
import { say } from "../i18n/language.svelte";
import { bytes, count, took } from "./format";
import { faultReason } from "./faultReason";
import type { Checked, Event, Evidence, PartRun, BlockedOn } from "./wire/wire";
import { proof } from "./words";

/** A line of an upload's history. */
export function describeEvent(of: Event): string {
  const words = say.history;
  switch (of.did) {
    case "failed":
    case "probeFailed":
    case "waiting":
      return words[of.did](faultReason(of.fault));
    case "reconnected":
    case "slept":
      return words[of.did](took(of.seconds * 1000));
    case "resent":
      return resent(of);
    case "foundStored":
      return words.foundStored(count(of.stored), of.parts, bytes(of.bytes));
    case "adopted":
      return words.adopted(of.parts, bytes(of.bytes));
    case "restarted":
      return words.restarted[of.because];
    case "changed":
      if (of.again > 0) return words.changed.again(of.again);
      return of.more > 0 ? words.changed.noPart(of.more) : words.changed.same;
    case "answered":
      return words.answered[of.answer === "ask" || of.answer === "fail" ? "none" : of.answer];
    case "keptBoth":
      return words.keptBoth(of.key);
    case "done":
      return words.done(proof(of.proof));
    case "text":
      return of.text;
    default:
      return words[of.did];
  }
}

function resent({ part, times, fault }: Extract<Event, { did: "resent" }>): string {
  const words = say.history.resent;
  if (part === null) {
    return times > 1
      ? words.wholeAfter(count(times), faultReason(fault))
      : words.whole(faultReason(fault));
  }
  return times > 1
    ? words.partAfter(count(part), count(times), faultReason(fault))
    : words.part(count(part), faultReason(fault));
}

/** What keeps an upload from going on, as a sentence without its end. */
export function describeWaits(of: BlockedOn): string {
  const words = say.history.waits;
  switch (of.for) {
    case "outOfReach":
    case "again":
      return faultReason(of.fault);
    case "comparing":
      return words.comparing(count(of.part), count(of.parts));
    default:
      return words[of.for];
  }
}

/** A line of a connection's test that passed. */
export function describeCheck(of: Checked): string {
  const words = say.found.checked;
  switch (of.found) {
    case "answersThrough":
      return words.answersThrough(of.proxy);
    case "bucketThere":
      return words.bucketThere(of.bucket);
    case "sums":
      return of.of === "nothing" ? words.sums.nothing : words.sums[of.of](of.algorithm);
    default:
      return words[of.found];
  }
}

/** What a verification found of one thing; follows the thing's name. */
export function describeEvidence(of: Evidence): string {
  const words = say.found.evidence;
  const exactly = say.numbers.bytes;
  switch (of.tells) {
    case "value":
      return named(of.algorithm, of.value);
    case "values": {
      const told = of.against === "file" ? words.ofFile : words.sent;
      return named(of.algorithm, told(of.ours, of.theirs), ": ");
    }
    case "size":
      return exactly(of.bytes);
    case "sizes": {
      const told = of.against === "file" ? words.ofFile : words.sent;
      return told(exactly(of.ours), exactly(of.theirs));
    }
    case "otherVersion":
      return of.kept ? words.otherVersionKept : words.otherVersion;
    case "partCount":
      return words.sent(count(of.sent), count(of.there));
    case "partsDiffer":
      return words.partsDiffer(numbers(of.parts, of.more));
    case "partsSame":
      return words[of.sums ? "partsSameSums" : "partsSame"](say.common.parts(of.parts));
    case "fileSize":
      return words.fileSize(exactly(of.now), exactly(of.sent));
    case "fileChanged":
      return of.parts.length === 0
        ? words.fileChanged
        : words.fileChangedIn(numbers(of.parts, of.more));
    case "refused":
      return faultReason(of.fault);
    default:
      return words[of.tells];
  }
}

function named(algorithm: string | null, value: string, after = " "): string {
  return algorithm === null ? value : `${algorithm}${after}${value}`;
}

/** "3, 7 to 9" */
function numbers(runs: readonly PartRun[], more: boolean): string {
  const words = say.found.evidence;
  const shown = runs
    .map(({ first, last }) =>
      first === last ? count(first) : words.run(count(first), count(last)),
    )
    .join(", ");
  return more ? words.andMore(shown) : shown;
}

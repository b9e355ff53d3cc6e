// The window says in English what the terminal and the log say: sentences.json has the engine's values and its own sentence for
// each, and the window has to say the same. The engine's unit tests keep the file; `cargo xtask wire` writes it.
import { afterEach, beforeEach, expect, it } from "vitest";
import { language, say } from "../i18n/language.svelte";
import { bucketNameError } from "./bucketName";
import { cases } from "./cases";
import { describeCheck, describeEvent, describeEvidence, describeWaits } from "./describeEvents";
import { describeDeadline } from "./deadline";
import { faultReason } from "./faultReason";
import { whyNot } from "./importing";
import { sentence } from "./format";
import { optionError } from "./optionError";
import type {
  BlockedOn,
  Checked,
  Deadline,
  Event,
  Evidence,
  Held,
  InvalidBucketName,
  InvalidOption,
  Proof,
  Reason,
  Verdict,
  What,
  WhyNot,
} from "./wire/wire";
import rows from "./wire/sentences.json";
import { proof } from "./words";

/** Of each type in the file, what the window says of a value. */
const SAYS: Record<string, (value: never) => string | undefined> = {
  reason: (of: Reason) =>
    faultReason({
      kind: "bug",
      part: null,
      status: null,
      code: null,
      requestId: null,
      detail: "",
      reason: of,
    }),
  invalidOption: (of: InvalidOption) => optionError(of),
  invalidBucketName: (of: InvalidBucketName) => bucketNameError(of),
  event: (of: Event) => describeEvent(of),
  blockedOn: (of: BlockedOn) => describeWaits(of),
  checked: (of: Checked) => describeCheck(of),
  evidence: (of: Evidence) => describeEvidence(of),
  what: (of: What) => say.queue.what[of],
  held: (of: Held) => say.queue.held[of],
  verdict: (of: Verdict) => say.queue.verdict[of],
  proof: (of: Proof) => proof(of),
  whyNot: (of: WhyNot) => whyNot(of),
  deadline: (of: Deadline) => describeDeadline(of),
  presetKeys: (id: keyof typeof say.keysHelp.how) => say.keysHelp.how[id],
  presetNote: (id: keyof typeof say.connections.notes) => say.connections.notes[id],
};

/** The engine begins in lower case, to follow other words, and quotes with the keyboard's quotation marks. */
const BEGINS_SMALL = new Set([
  "reason",
  "invalidOption",
  "invalidBucketName",
  "blockedOn",
  "whyNot",
]);

function asWindow(type: string, english: string): string {
  const quoted = english.replace(/"([^"]*)"/g, "“$1”");
  return BEGINS_SMALL.has(type) ? sentence(quoted) : quoted;
}

beforeEach(() => {
  language.wanted = "en";
});
afterEach(() => {
  language.wanted = "system";
});

it(
  "is the engine's own",
  cases(
    "%s %s",
    rows.map(({ type, value, english }): [string, string, unknown, string] => [
      type,
      JSON.stringify(value),
      value,
      english,
    ]),
    (type, _, value, english) => {
      expect(SAYS[type]?.(value as never)).toBe(asWindow(type, english));
    },
  ),
);

// An object that already has an upload's key, in words: short for the list, in full for the details.
import { figures } from "../i18n/figures";
import { say } from "../i18n/language.svelte";
import { bytes, shortDay } from "./format";
import type { ExistingObject } from "./wire/wire";

export const ANSWERS = ["replace", "keepBoth", "skip"] as const;
export type ExistsAnswer = (typeof ANSWERS)[number];

/** Whether it is the same file, and both sizes if it is not. */
export function inShort({ size, fileSize, bytes: are }: ExistingObject): {
  what: string;
  sizes: string;
} {
  const { row } = say.keyConflict;
  const isSame = are.are === "same" || size === null;
  return {
    what: row[are.are],
    sizes: isSame ? "" : row.sizes(bytes(size), bytes(fileSize)),
  };
}

/** What is known of the object because of which a file was skipped, for its row. */
export function skippedFor(existing: ExistingObject | null): string {
  const words = say.keyConflict.skipped;
  if (existing === null || existing.size === null) return words.there;
  const { size, fileSize, bytes: are } = existing;
  if (are.are === "same") return words.thereSame;
  if (size === fileSize) return words.thereSameSize;
  return words.thereDiffers(bytes(size), bytes(fileSize));
}

/** The same as a sentence, for its details. A skip looks at the size and compares no contents. */
export function skippedVerdict(existing: ExistingObject): string {
  const { size, fileSize, bytes: are } = existing;
  const isUnread = are.are !== "same" && size !== null && size === fileSize;
  return isUnread ? say.keyConflict.skipped.sameSize : verdict(existing);
}

/** Whether both have the same bytes, as a sentence. */
export function verdict({ size, bytes: are }: ExistingObject): string {
  const words = say.keyConflict.bytes;
  if (size === null) return words.unseen;
  return are.are === "same" ? words.same(are.algorithm) : words[are.are];
}

/** Date and time: two versions of a file may be of one day. */
const dated = (at: number) => `${shortDay(at)}, ${figures().time.format(at)}`;

export type Compared = { label: string; there: string; file: string };

/** Size and date of both, side by side. */
export function comparison(existing: ExistingObject): readonly Compared[] {
  const words = say.keyConflict;
  const known = (value: number | null, shown: (value: number) => string) =>
    value === null ? words.unknown : shown(value);
  return [
    {
      label: words.size,
      there: known(existing.size, bytes),
      file: bytes(existing.fileSize),
    },
    {
      label: words.modified,
      there: known(existing.modifiedAt, dated),
      file: known(existing.fileModifiedAt, dated),
    },
  ];
}

/** When the newest question among these was asked; null if none was. */
export function askedUntil(all: readonly { existing: ExistingObject | null }[]): number | null {
  const asked = all.flatMap(({ existing }) => (existing ? [existing.askedAt] : []));
  return asked.length === 0 ? null : Math.max(...asked);
}

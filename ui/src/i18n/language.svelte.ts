// The words of the current language, by area: `say` is what the rest of the window imports.
import * as de from "./de";
import * as en from "./en";
import { language, type Tongue } from "./locale.svelte";

export { language };

/** English is the measure: a language that lacks a word does not compile. */
export type Words = typeof en;

const SPOKEN = { en, de } satisfies Record<Tongue, Words>;

/** The words of the current language: `say.queue.pauseAll`. Follows a change where it is read reactively. */
export const say = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.keys(en).map((area) => [
      area,
      { get: () => SPOKEN[language.tongue][area as keyof Words] },
    ]),
  ),
) as Words;

// Which language the window speaks, and its words by area; knows no screen. `say` is what everybody else imports.
import type { Settings } from "../lib/wire/wire";
import * as de from "./de";
import * as en from "./en";

/** English is the measure: a language that lacks a word does not compile. */
export type Words = typeof en;

const SPOKEN = { en, de } satisfies Record<string, Words>;
type Tongue = keyof typeof SPOKEN;

class Language {
  /** what the settings say */
  wanted = $state<Settings["language"]>("system");
  /** the system's, in the order of its user */
  system = $state.raw<readonly string[]>(
    typeof navigator === "undefined" ? ["en"] : navigator.languages,
  );

  readonly tongue = $derived<Tongue>(
    this.wanted === "system"
      ? (this.system.map((tag) => tag.slice(0, 2).toLowerCase()).find(isSpoken) ?? "en")
      : this.wanted,
  );
  /** For numbers and dates: the system's own where it is of this language (de-AT, en-GB). */
  readonly locale = $derived(
    this.system.find((tag) => tag.slice(0, 2).toLowerCase() === this.tongue) ?? this.tongue,
  );
  readonly words = $derived<Words>(SPOKEN[this.tongue]);
}

function isSpoken(tag: string): tag is Tongue {
  return Object.hasOwn(SPOKEN, tag);
}

export const language = new Language();

/** The words of the language that is spoken now: `say.queue.pauseAll`. Follows a change where it is read reactively. */
export const say = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.keys(en).map((area) => [area, { get: () => language.words[area as keyof Words] }]),
  ),
) as Words;

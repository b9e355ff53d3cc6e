// Which language and locale the window uses: the setting, and what the system offers. Knows no word, so that the words may read it.
import type { Settings } from "../lib/wire/wire";

/** English comes first: it is what remains where the system has none of them. */
export const TONGUES = ["en", "de"] as const;
export type Tongue = (typeof TONGUES)[number];

export class Locale {
  /** what the settings say */
  wanted = $state<Settings["language"]>("system");
  /** the system's, in the order of its user */
  system = $state.raw<readonly string[]>(
    typeof navigator === "undefined" ? ["en"] : navigator.languages,
  );

  readonly tongue = $derived<Tongue>(
    this.wanted === "system"
      ? (this.system.map((tag) => tag.slice(0, 2).toLowerCase()).find(isTongue) ?? "en")
      : this.wanted,
  );
  /** For numbers and dates: the system's own where it is of this language (de-AT, en-GB). */
  readonly locale = $derived(
    this.system.find((tag) => tag.slice(0, 2).toLowerCase() === this.tongue) ?? this.tongue,
  );
}

function isTongue(tag: string): tag is Tongue {
  return (TONGUES as readonly string[]).includes(tag);
}

export const language = new Locale();

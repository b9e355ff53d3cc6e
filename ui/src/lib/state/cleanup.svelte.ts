// The rule by which a bucket's server takes unfinished uploads off by itself: what it is, and what it is to be. Knows no element.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import type { BucketOf, CleanupRule, Fault } from "../wire/wire";

/** What is offered where there is no rule yet. */
const USUAL = 7;
/** S3 counts days in 31 bits; nobody means more than these. */
const MOST = 3650;

export class Cleanup {
  rule = $state.raw<CleanupRule | null>(null);
  /** why it is not known */
  fault = $state.raw<Fault | null>(null);

  readonly usual = USUAL;

  /** the dialog, and what is written in it */
  open = $state(false);
  on = $state(false);
  typed = $state("");
  saving = $state(false);
  refused = $state.raw<Fault | null>(null);

  readonly #backend: Backend;
  #at: BucketOf | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Another bucket has other rules; of the same one the old are shown until they are read again. */
  async load(at: BucketOf): Promise<void> {
    if (at.bucket !== this.#at?.bucket || at.connection !== this.#at.connection) this.rule = null;
    this.#at = at;
    this.fault = null;
    try {
      const rule = await this.#backend.cleanup_rule(at);
      if (at === this.#at) this.rule = rule;
    } catch (thrown) {
      if (at !== this.#at) return;
      this.rule = null;
      this.fault = asFault(thrown);
    }
  }

  begin(): void {
    const { rule } = this;
    if (!rule?.supported) return;
    this.on = rule.ours || this.#others === null;
    this.typed = String(rule.ours ? (rule.days ?? USUAL) : USUAL);
    this.refused = null;
    this.open = true;
  }

  /** Days after which another rule aborts uploads of the whole bucket. */
  get #others(): number | null {
    const days = this.rule?.others.filter((one) => one.prefix === "").map((one) => one.days) ?? [];
    return days.length === 0 ? null : Math.min(...days);
  }

  /** What is typed, where it is a number of days. */
  get days(): number | null {
    const days = Number(this.typed.trim());
    return Number.isInteger(days) && days >= 1 && days <= MOST ? days : null;
  }

  get mayBeSaved(): boolean {
    return !this.on || this.days !== null;
  }

  close(): void {
    this.open = false;
  }

  async save(): Promise<void> {
    const at = this.#at;
    if (at === null || this.saving || !this.mayBeSaved) return;
    this.saving = true;
    this.refused = null;
    try {
      const rule = await this.#backend.set_cleanup_rule({
        ...at,
        days: this.on ? this.days : null,
      });
      if (at === this.#at) this.rule = rule;
      this.open = false;
    } catch (thrown) {
      this.refused = asFault(thrown);
    } finally {
      this.saving = false;
    }
  }
}

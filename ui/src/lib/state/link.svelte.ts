// A link to a finished upload while it is asked for: how long it is to hold, what came of it. Knows no element.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import type { Fault, Link, Row } from "../wire/wire";
import { recall, remember } from "./memory";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** S3's signatures hold no longer. */
const LONGEST = 7 * DAY;

export const HOLDS = { hour: HOUR, day: DAY, week: LONGEST } as const;
export const UNITS = { minutes: 60, hours: HOUR, days: DAY } as const;

export type Hold = keyof typeof HOLDS | "own";
export type Unit = keyof typeof UNITS;
type Habit = { hold: Hold; amount: string; unit: Unit; download: boolean };

const AT_FIRST: Habit = { hold: "day", amount: "3", unit: "days", download: false };

export class Linking {
  /** the upload it is for; the dialog is open while there is one */
  row = $state.raw<Row | null>(null);
  hold = $state<Hold>("day");
  /** as it was typed */
  amount = $state("3");
  unit = $state<Unit>("days");
  download = $state(false);
  making = $state(false);
  link = $state.raw<Link | null>(null);
  /** null: it was not tried yet */
  copied = $state<boolean | null>(null);
  fault = $state.raw<Fault | null>(null);

  readonly #backend: Backend;
  #run = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  open(row: Row): void {
    const { hold, amount, unit, download } = { ...AT_FIRST, ...recall<Partial<Habit>>("link") };
    this.#forget();
    this.hold = hold;
    this.amount = amount;
    this.unit = unit;
    this.download = download;
    this.row = row;
  }

  /** The link itself is forgotten with it: who has it has the object. */
  close(): void {
    this.#forget();
    this.row = null;
  }

  /** How long it is to hold; null where that is no time, or one that S3 does not sign. */
  get seconds(): number | null {
    if (this.hold !== "own") return HOLDS[this.hold];
    const amount = Number(this.amount.trim().replace(",", "."));
    const seconds = Math.round(amount * UNITS[this.unit]);
    return this.amount.trim() !== "" && seconds >= 1 && seconds <= LONGEST ? seconds : null;
  }

  /** What was made is not what is wanted any more. */
  change(wanted: Partial<Pick<Linking, "hold" | "amount" | "unit" | "download">>): void {
    Object.assign(this, wanted);
    this.#forget();
  }

  #forget(): void {
    this.#run += 1;
    this.making = false;
    this.link = null;
    this.copied = null;
    this.fault = null;
  }

  async make(): Promise<void> {
    const { row, seconds, hold, unit, download } = this;
    if (row === null || seconds === null || this.making) return;
    this.#forget();
    const run = this.#run;
    this.making = true;
    try {
      const link = await this.#backend.presign({ id: row.id, seconds, download });
      if (run !== this.#run) return;
      this.link = link;
      remember("link", { hold, amount: this.amount, unit, download } satisfies Habit);
      await this.copy();
    } catch (thrown) {
      if (run === this.#run) this.fault = asFault(thrown);
    } finally {
      if (run === this.#run) this.making = false;
    }
  }

  /** A clipboard may refuse; the link can be taken from the dialog then. */
  async copy(): Promise<void> {
    const { link } = this;
    if (link === null) return;
    const run = this.#run;
    const copied = await this.#backend.copyText(link.url).then(
      () => true,
      () => false,
    );
    if (run === this.#run) this.copied = copied;
  }
}

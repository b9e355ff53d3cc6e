// The receipt of the upload that is shown, and its verification.
import { say } from "../../i18n/language.svelte";
import type { Backend } from "../backend";
import { asFault } from "../faults";
import type { Fault, Receipt, Verification } from "../wire/wire";

const EVERY = 250;

/** What the receipt is compared with. */
export type Against = "server" | "serverAndFile";

export class Verifying {
  receipt = $state.raw<Receipt | null>(null);
  against = $state<Against | null>(null);
  /** the last verification as it stands */
  stand = $state.raw<Verification | null>(null);
  fault = $state.raw<Fault | null>(null);
  savedTo = $state<string | null>(null);
  /** the upload whose receipt is to be brought into view */
  wanted = $state<number | null>(null);

  readonly #backend: Backend;
  readonly #say: (text: string) => void;
  #id: number | null = null;
  /** tells an answer that is still wanted from one that is not */
  #run = 0;
  #number: number | null = null;

  /** What is said is for who does not see the panel. */
  constructor(backend: Backend, say: (text: string) => void) {
    this.#backend = backend;
    this.#say = say;
  }

  look(id: number): void {
    this.wanted = id;
  }

  /** The upload that is shown; leaving it ends what runs. */
  show(id: number | null): void {
    if (id === this.#id) return;
    this.#end();
    this.#id = id;
    if (id !== this.wanted) this.wanted = null;
    this.receipt = null;
    this.stand = null;
    this.fault = null;
    this.savedTo = null;
  }

  /** Where there is none, asking something of it tells why. */
  async read(): Promise<void> {
    const id = this.#id;
    if (id === null || this.receipt) return;
    const receipt = await this.#backend.receipt(id).catch(() => null);
    if (id === this.#id) this.receipt = receipt;
  }

  async begin(id: number, file: boolean): Promise<void> {
    this.show(id);
    this.#end();
    const run = this.#run;
    this.against = file ? "serverAndFile" : "server";
    this.stand = null;
    this.fault = null;
    this.#say(say.frame.said.verifying);
    try {
      await this.#follow(run, await this.#backend.verify({ id, file }));
    } catch (thrown) {
      if (run === this.#run) this.fault = asFault(thrown);
    }
    if (run === this.#run) this.#end();
  }

  async #follow(run: number, number: number): Promise<void> {
    if (run !== this.#run) return this.#forget(number);
    this.#number = number;
    for (;;) {
      const stand = await this.#backend.verification(number);
      if (run !== this.#run) return;
      this.stand = stand;
      if (!stand.running) break;
      await new Promise((done) => setTimeout(done, EVERY));
      if (run !== this.#run) return;
    }
    const { verdict, fault } = this.stand;
    this.fault = fault;
    if (verdict) this.#say(say.queue.verdict[verdict]);
  }

  /** Half an answer is none: what was found so far goes with it. */
  cancel(): void {
    this.#end();
    this.stand = null;
    this.#say(say.frame.said.verifyingCancelled);
  }

  /** Where the user wants it; the name is a suggestion. */
  async save(id: number, name: string): Promise<void> {
    const path = await this.#backend.save_receipt({ id, name, title: say.frame.dialogs.receipt });
    if (path === null) return;
    if (id === this.#id) this.savedTo = path;
    this.#say(say.frame.said.receiptSaved);
  }

  #end(): void {
    this.#run += 1;
    if (this.#number !== null) this.#forget(this.#number);
    this.#number = null;
    this.against = null;
  }

  #forget(number: number): void {
    void this.#backend.forget_verification(number).catch(() => undefined);
  }
}

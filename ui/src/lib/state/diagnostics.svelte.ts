// What went wrong inside Windlass itself, and the report about it; knows no element.
import { say } from "../../i18n/language.svelte";
import type { Backend } from "../backend";
import type { Panicked } from "../wire/wire";

export class Diagnostics {
  /** the last panic that was not dismissed */
  panicked = $state.raw<Panicked | null>(null);
  /** whether a report has names of files, buckets, keys and servers */
  names = $state(false);
  /** where the last report was saved */
  saved = $state.raw<string | null>(null);
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async load(): Promise<void> {
    this.panicked = await this.#backend.panicked(null);
  }

  async dismiss(): Promise<void> {
    await this.#backend.dismiss_panic(null);
    this.panicked = null;
  }

  /** Asks where to, and writes the report there. */
  async save(today: Date): Promise<void> {
    this.saved = await this.#backend.save_report({
      names: this.names,
      title: say.frame.dialogs.report,
      name: `windlass-report-${today.toISOString().slice(0, 10)}.zip`,
    });
  }
}

// The upload whose detail is shown, and its part map; knows no element.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import { Coalescer } from "../coalesce";
import type { Detail, Fault } from "../wire/wire";

export class OpenDetail {
  id = $state<number | null>(null);
  detail = $state.raw<Detail | null>(null);
  map = $state.raw<Uint8Array | null>(null);
  fault = $state.raw<Fault | null>(null);

  #backend: Backend;
  readonly #pull: Coalescer;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#pull = new Coalescer(async () => (await this.fetch())());
  }

  show(id: number | null): void {
    if (id === this.id) return;
    this.id = id;
    this.detail = null;
    this.map = null;
    this.fault = null;
    this.refresh();
  }

  refresh(): void {
    if (this.id !== null) this.#pull.ask();
  }

  /** Asks for it; what is answered is shown once the caller says so, with what else has changed. */
  async fetch(): Promise<() => void> {
    const { id } = this;
    if (id === null) return () => undefined;
    try {
      const detail = await this.#backend.detail(id);
      const map = detail.row.parts > 1 ? new Uint8Array(await this.#backend.part_map(id)) : null;
      return () => {
        if (id !== this.id) return;
        this.detail = detail;
        this.map = map;
        this.fault = null;
      };
    } catch (thrown) {
      return () => {
        if (id === this.id) this.fault = asFault(thrown);
      };
    }
  }
}

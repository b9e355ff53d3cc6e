// The upload whose detail is shown, and its part map; knows no element.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import { Pull } from "../pull";
import type { Detail, Fault } from "../wire/wire";

export class Opened {
  id = $state<number | null>(null);
  detail = $state.raw<Detail | null>(null);
  map = $state.raw<Uint8Array | null>(null);
  fault = $state.raw<Fault | null>(null);

  #backend: Backend;
  readonly #pull: Pull;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#pull = new Pull(() => this.#refresh());
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

  async #refresh(): Promise<void> {
    const { id } = this;
    if (id === null) return;
    try {
      const detail = await this.#backend.detail(id);
      const map = detail.row.parts > 1 ? new Uint8Array(await this.#backend.part_map(id)) : null;
      if (id !== this.id) return;
      this.detail = detail;
      this.map = map;
      this.fault = null;
    } catch (thrown) {
      if (id === this.id) this.fault = asFault(thrown);
    }
  }
}

// Connections of other programs while they are shown and chosen; knows no element, and never sees a secret.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import type { Connection, Fault, FoundConnection, NotImportable, NotImported } from "../wire/wire";

export class Importing {
  open = $state(false);
  looking = $state(false);
  running = $state(false);
  found = $state.raw<FoundConnection[]>([]);
  not = $state.raw<NotImportable[]>([]);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** those that were chosen and could not be saved */
  failed = $state.raw<NotImported[]>([]);
  fault = $state.raw<Fault | null>(null);

  readonly #backend: Backend;
  readonly #imported: (connections: Connection[]) => Promise<void>;
  #run = 0;

  constructor(backend: Backend, imported: (connections: Connection[]) => Promise<void>) {
    this.#backend = backend;
    this.#imported = imported;
  }

  async begin(): Promise<void> {
    const run = ++this.#run;
    this.found = this.not = this.failed = [];
    this.chosen = new Set();
    this.fault = null;
    this.open = this.looking = true;
    try {
      const { found, not } = await this.#backend.importable(null);
      if (run !== this.#run) return;
      this.found = found;
      this.not = not;
      this.chosen = new Set(found.filter((one) => !one.known).map((one) => one.id));
    } catch (thrown) {
      if (run === this.#run) this.fault = asFault(thrown);
    } finally {
      if (run === this.#run) this.looking = false;
    }
  }

  close(): void {
    this.#run += 1;
    this.open = false;
  }

  choose(id: string, wanted: boolean): void {
    const chosen = new Set(this.chosen);
    if (wanted) chosen.add(id);
    else chosen.delete(id);
    this.chosen = chosen;
  }

  async import(remember: boolean): Promise<void> {
    if (this.running || this.chosen.size === 0) return;
    this.running = true;
    this.fault = null;
    this.failed = [];
    try {
      const { imported, failed } = await this.#backend.import_connections({
        ids: [...this.chosen],
        remember,
      });
      await this.#imported(imported);
      this.failed = failed;
      if (failed.length === 0) this.close();
      else await this.#again();
    } catch (thrown) {
      this.fault = asFault(thrown);
    } finally {
      this.running = false;
    }
  }

  /** What went well is no longer to be chosen. */
  async #again(): Promise<void> {
    const { found } = await this.#backend.importable(null);
    const wanted = this.chosen;
    this.found = found;
    const left = found.filter((one) => !one.known && wanted.has(one.id));
    this.chosen = new Set(left.map((one) => one.id));
  }
}

// What the server of the connection that is shown takes, and asking it; knows no element.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import type { Fault, ServerCapabilities } from "../wire/wire";

export class ServerTakes {
  known = $state.raw<ServerCapabilities | null>(null);
  asking = $state(false);
  fault = $state.raw<Fault | null>(null);

  readonly #backend: Backend;
  /** the one that is shown; an answer about another comes too late */
  #connection = "";

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Asked for again whenever the connection was saved: another address is another server. */
  async show(connection: string): Promise<void> {
    if (connection !== this.#connection) {
      this.known = null;
      this.asking = false;
    }
    this.#connection = connection;
    this.fault = null;
    await this.#take(connection, () => this.#backend.capabilities(connection));
  }

  async ask(): Promise<void> {
    const connection = this.#connection;
    if (this.asking) return;
    this.asking = true;
    this.fault = null;
    await this.#take(connection, () =>
      this.#backend.probe_capabilities({ connection, bucket: null }),
    );
    if (connection === this.#connection) this.asking = false;
  }

  async #take(connection: string, call: () => Promise<ServerCapabilities>): Promise<void> {
    try {
      const known = await call();
      if (connection === this.#connection) this.known = known;
    } catch (thrown) {
      if (connection === this.#connection) this.fault = asFault(thrown);
    }
  }
}

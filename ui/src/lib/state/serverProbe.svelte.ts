// The capabilities of the server of the connection that is shown, and probing it.
import type { Backend } from "../backend";
import { asFault } from "../faults";
import type { Fault, ServerCapabilities } from "../wire/wire";

export class ServerProbe {
  known = $state.raw<ServerCapabilities | null>(null);
  probing = $state(false);
  fault = $state.raw<Fault | null>(null);

  readonly #backend: Backend;
  /** the connection that is shown; answers about others are dropped */
  #connection = "";

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Called again when the connection was saved, because its endpoint may be another server. */
  async show(connection: string): Promise<void> {
    if (connection !== this.#connection) {
      this.known = null;
      this.probing = false;
    }
    this.#connection = connection;
    this.fault = null;
    await this.#load(connection, () => this.#backend.capabilities(connection));
  }

  async start(): Promise<void> {
    const connection = this.#connection;
    if (this.probing) return;
    this.probing = true;
    this.fault = null;
    await this.#load(connection, () =>
      this.#backend.probe_capabilities({ connection, bucket: null }),
    );
    if (connection === this.#connection) this.probing = false;
  }

  async #load(connection: string, call: () => Promise<ServerCapabilities>): Promise<void> {
    try {
      const known = await call();
      if (connection === this.#connection) this.known = known;
    } catch (thrown) {
      if (connection === this.#connection) this.fault = asFault(thrown);
    }
  }
}

// Coalesces requests: one fetch of a kind runs at a time, and all that are requested meanwhile share the next.

export class Coalescer {
  #work: () => Promise<void>;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Fetches now, or once more after the fetch that is running. Resolves when that is done. */
  ask(): Promise<void> {
    if (this.#running) this.#again = true;
    else this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    try {
      do {
        this.#again = false;
        // A failed fetch is not retried: the next nudge requests another.
        await this.#work().catch(() => undefined);
      } while (this.#again);
    } finally {
      this.#running = null;
    }
  }
}

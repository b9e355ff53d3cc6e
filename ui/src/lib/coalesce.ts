// One pull of a kind at a time: what is asked for meanwhile is answered by one more; knows no backend.

export class Coalescer {
  #work: () => Promise<void>;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Pulls now, or once more after the pull that is under way; answers when that is done. */
  ask(): Promise<void> {
    if (this.#running) this.#again = true;
    else this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    try {
      do {
        this.#again = false;
        // A failed pull is not repeated by itself: the next nudge asks anew.
        await this.#work().catch(() => undefined);
      } while (this.#again);
    } finally {
      this.#running = null;
    }
  }
}

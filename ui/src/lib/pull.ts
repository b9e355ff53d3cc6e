// One pull of a kind at a time: what is asked for meanwhile is answered by one more; knows no backend.

export class Pull {
  #work: () => Promise<void>;
  #busy = false;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Pulls now, or once more after the pull that is under way. */
  ask(): void {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      do {
        this.#again = false;
        // A failed pull is not repeated by itself: the next nudge asks anew.
        await this.#work().catch(() => undefined);
      } while (this.#again);
    } finally {
      this.#busy = false;
    }
  }
}

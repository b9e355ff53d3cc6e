// What was done last and can be undone for some seconds: the notice at the foot offers it. Knows no upload and no element.

export type Offer = {
  /** what was done */
  text: string;
  /** what it cost, or keeps; empty for nothing to say */
  note: string;
  /** null: it is too late */
  run: (() => Promise<void>) | null;
};

export class Undo {
  /** what can be undone now */
  offer = $state.raw<Offer | null>(null);

  /** whole seconds until it is too late; the last one is 1 */
  secondsLeft = $state(0);
  /** how long it was offered for, in ms: the time that the notice's bar takes to run out */
  ms = $state(0);

  #timer = 0;
  #clock = 0;

  /** Offers it for so many ms, in place of what was offered before. */
  show(offer: Offer, ms: number): void {
    this.drop();
    this.offer = offer;
    this.ms = ms;
    this.secondsLeft = Math.ceil(ms / 1000);
    this.#timer = window.setTimeout(() => this.drop(), ms);
    this.#clock = window.setInterval(() => {
      this.secondsLeft = Math.max(1, this.secondsLeft - 1);
    }, 1000);
  }

  /** Undoes it, once. */
  async take(): Promise<void> {
    const { offer } = this;
    this.drop();
    await offer?.run?.();
  }

  drop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#clock);
    this.offer = null;
  }
}

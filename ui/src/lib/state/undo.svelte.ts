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

  #timer = 0;

  /** Offers it for so many ms, in place of what was offered before. */
  show(offer: Offer, ms: number): void {
    clearTimeout(this.#timer);
    this.offer = offer;
    this.#timer = window.setTimeout(() => this.drop(), ms);
  }

  /** Undoes it, once. */
  async take(): Promise<void> {
    const { offer } = this;
    this.drop();
    await offer?.run?.();
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.offer = null;
  }
}

// Reorders rows by dragging them with the pointer: when a drag starts, and where the row would land.

/** A click may tremble this far, in pixels. */
const TREMBLE = 5;
/** This near to an edge the list scrolls, the faster the nearer. */
const EDGE = 32;

export type Ground = {
  /** the list's own box, which scrolls */
  box: () => HTMLElement;
  /** the gap between rows at this height of the box */
  landing: (y: number) => number;
  /** the pointer has taken this row along; false where it is not to be moved */
  begin: (index: number) => Promise<boolean> | boolean;
  drop: (gap: number) => void;
};

export class DragReorder {
  /** the gap it would land in; null while nothing is dragged */
  gap = $state<number | null>(null);
  #ground: Ground;
  #held: { index: number; pointer: number; x: number; y: number } | null = null;
  #scrolling = 0;
  #carried = false;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** A button of the pointer went down, on a row or beside them. */
  press(event: PointerEvent, index: number | null): void {
    this.#carried = false;
    // A finger scrolls the list.
    if (index === null || event.button !== 0 || event.pointerType === "touch" || event.shiftKey)
      return;
    this.#held = { index, pointer: event.pointerId, x: event.clientX, y: event.clientY };
  }

  async move(event: PointerEvent): Promise<void> {
    const held = this.#held;
    if (!held || event.pointerId !== held.pointer) return;
    if (event.buttons === 0) return this.cancel();
    const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > TREMBLE;
    if (this.gap === null && !far) return;
    const begins = this.gap === null;
    this.#carried = true;
    held.x = event.clientX;
    held.y = event.clientY;
    this.#follow();
    if (!begins) return;
    this.#ground.box().setPointerCapture(held.pointer);
    if (!(await this.#ground.begin(held.index))) this.cancel();
    else if (this.#held === held) this.#scroll();
  }

  release(): void {
    const { gap } = this;
    const carried = this.#held !== null && gap !== null;
    this.cancel();
    if (carried) this.#ground.drop(gap);
  }

  /** Lets go, and leaves everything where it was. */
  cancel(): void {
    this.gap = null;
    this.#held = null;
    cancelAnimationFrame(this.#scrolling);
  }

  /** The click that the pointer ends with is a drag's end, and means nothing. */
  get carried(): boolean {
    return this.#carried;
  }

  #follow(): void {
    if (!this.#held) return;
    const top = this.#ground.box().getBoundingClientRect().top;
    this.gap = this.#ground.landing(this.#held.y - top);
  }

  #scroll(): void {
    this.#scrolling = requestAnimationFrame(() => {
      if (!this.#held) return;
      const box = this.#ground.box();
      const { top, bottom } = box.getBoundingClientRect();
      const over = Math.max(0, this.#held.y - (bottom - EDGE));
      const under = Math.max(0, top + EDGE - this.#held.y);
      if (over + under > 0) {
        box.scrollTop += Math.min(EDGE, over - under) / 2;
        this.#follow();
      }
      this.#scroll();
    });
  }
}

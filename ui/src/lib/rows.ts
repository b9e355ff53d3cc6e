// The arithmetic of a long list with rows of one height; knows no row and no element.

/** Browsers stop laying out somewhere above 16 million pixels; beyond it the scroll bar is compressed. */
export const TALLEST = 15_000_000;

export type Shape = { total: number; rowHeight: number; viewHeight: number; scrollTop: number };

export type Slice = {
  /** the first row to draw, and how many */
  first: number;
  count: number;
  /** the height that the scroll bar sees */
  height: number;
  /** what to subtract from index * rowHeight to get the place inside the scrolled box */
  shift: number;
};

function virtualTop(shape: Shape): { top: number; height: number } {
  const full = shape.total * shape.rowHeight;
  const height = Math.min(full, TALLEST);
  const scrollable = Math.max(0, height - shape.viewHeight);
  const scrollTop = Math.min(Math.max(0, shape.scrollTop), scrollable);
  if (full <= TALLEST || scrollable === 0) return { top: scrollTop, height };
  return { top: (scrollTop / scrollable) * (full - shape.viewHeight), height };
}

/** Rows drawn beyond either edge of the view, so that a scroll finds them there. */
const OVERSCAN = 8;

/** As many rows as are ever drawn at once in a view of this height. */
export function most(viewHeight: number, rowHeight: number): number {
  return Math.ceil(viewHeight / rowHeight) + 1 + 2 * OVERSCAN;
}

/** Which rows are to be drawn. */
export function slice(shape: Shape, overscan = OVERSCAN): Slice {
  const { top, height } = virtualTop(shape);
  if (shape.total === 0) return { first: 0, count: 0, height: 0, shift: 0 };
  const seen = Math.floor(top / shape.rowHeight);
  const fits = Math.ceil(shape.viewHeight / shape.rowHeight) + 1;
  const first = Math.max(0, seen - overscan);
  const end = Math.min(shape.total, seen + fits + overscan);
  const scrollTop = Math.min(Math.max(0, shape.scrollTop), Math.max(0, height - shape.viewHeight));
  return { first, count: Math.max(0, end - first), height, shift: top - scrollTop };
}

/** The scroll position that shows a row, moving as little as possible; null when it is in view. */
export function reveal(shape: Shape, index: number): number | null {
  const { top, height } = virtualTop(shape);
  const rowTop = index * shape.rowHeight;
  const rowEnd = rowTop + shape.rowHeight;
  let wanted: number;
  if (rowTop < top) wanted = rowTop;
  else if (rowEnd > top + shape.viewHeight) wanted = rowEnd - shape.viewHeight;
  else return null;
  const full = shape.total * shape.rowHeight;
  if (full <= TALLEST) return wanted;
  return (wanted / (full - shape.viewHeight)) * (height - shape.viewHeight);
}

/** The gap between two rows that is nearest to a height in the view: 0 is above the first row. */
export function landing(shape: Shape, y: number): number {
  const { top } = virtualTop(shape);
  const inView = Math.min(Math.max(0, y), shape.viewHeight);
  const gap = Math.round((top + inView) / shape.rowHeight);
  return Math.min(Math.max(0, gap), shape.total);
}

/** Where the keyboard goes from a row: stays inside the list. */
export function step(from: number, by: number, total: number): number {
  return Math.min(Math.max(0, from + by), Math.max(0, total - 1));
}

// How a part map is laid out and read: cells, shades, words; knows no canvas and no colour.

export const PENDING = 0;
export const BACKOFF = 200;
export const STORED = 255;

export type Layout = {
  /** height of a cell, which is at least as wide, and the gap between two, in CSS pixels */
  cell: number;
  gap: number;
  /** from the left of a cell to the left of the next: the columns fill the width */
  pitch: number;
  columns: number;
  rows: number;
  /** how many parts one cell stands for */
  perCell: number;
  height: number;
};

const SMALLEST = 6;
const LARGEST = 14;
const GAP = 1;

/** The largest cells that let every part have its own; when even the smallest do not, parts share. */
export function layout(parts: number, width: number, maxHeight: number): Layout {
  const gap = GAP;
  for (let cell = LARGEST; cell >= SMALLEST; cell -= 1) {
    const columns = Math.max(1, Math.floor((width + gap) / (cell + gap)));
    const rows = Math.max(1, Math.ceil(parts / columns));
    const height = rows * (cell + gap) - gap;
    const pitch = (width + gap) / Math.max(1, Math.min(columns, parts));
    if (height <= maxHeight) return { cell, gap, pitch, columns, rows, perCell: 1, height };
  }
  const cell = SMALLEST;
  const columns = Math.max(1, Math.floor((width + gap) / (cell + gap)));
  const most = columns * Math.max(1, Math.floor((maxHeight + gap) / (cell + gap)));
  const perCell = Math.ceil(parts / most);
  const rows = Math.ceil(Math.ceil(parts / perCell) / columns);
  const pitch = (width + gap) / columns;
  return { cell, gap, pitch, columns, rows, perCell, height: rows * (cell + gap) - gap };
}

export type Cell = {
  /** fraction stored, 0 to 1 */
  stored: number;
  /** fraction sent of the parts in flight, null when none is */
  flight: number | null;
  backoff: boolean;
};

export function cellAt(map: Uint8Array, index: number, perCell: number): Cell {
  const start = index * perCell;
  const end = Math.min(map.length, start + perCell);
  let stored = 0;
  let sending = 0;
  let sent = 0;
  let backoff = false;
  for (let i = start; i < end; i += 1) {
    const byte = map[i] ?? PENDING;
    if (byte === STORED) stored += 1;
    else if (byte === BACKOFF) backoff = true;
    else if (byte !== PENDING) {
      sending += 1;
      sent += Math.min(100, byte) / 100;
    }
  }
  const size = Math.max(1, end - start);
  return { stored: stored / size, flight: sending === 0 ? null : sent / sending, backoff };
}

/** The cells in which a part was stored since the map before. */
export function justStored(before: Uint8Array, after: Uint8Array, perCell: number): number[] {
  if (before.length !== after.length) return [];
  const cells: number[] = [];
  for (let i = 0; i < after.length; i += 1) {
    if (after[i] !== STORED || before[i] === STORED) continue;
    const cell = Math.floor(i / perCell);
    if (cells[cells.length - 1] !== cell) cells.push(cell);
  }
  return cells;
}

export type Counts = { stored: number; sending: number; backoff: number; pending: number };

export function counts(map: Uint8Array): Counts {
  const all: Counts = { stored: 0, sending: 0, backoff: 0, pending: 0 };
  for (const byte of map) {
    if (byte === STORED) all.stored += 1;
    else if (byte === BACKOFF) all.backoff += 1;
    else if (byte === PENDING) all.pending += 1;
    else all.sending += 1;
  }
  return all;
}

/** Which part, or parts, a cell stands for, counted from 1 as S3 does. */
export function partsOf(cell: number, perCell: number, parts: number): [number, number] {
  return [cell * perCell + 1, Math.min(parts, (cell + 1) * perCell)];
}

// Draws the cells of a part map: shape before hue, sharp at any pixel ratio; knows no element around it.
import { cellAt, type Layout } from "../lib/partmap";

export type Palette = {
  stored: string;
  bright: string;
  pending: string;
  backoff: string;
  ground: string;
};

export type Picture = {
  map: Uint8Array;
  layout: Layout;
  ratio: number;
  width: number;
  palette: Palette;
  /** how bright the cells just stored still are, 1 to 0 */
  glow: ReadonlyMap<number, number>;
  pointed: number | null;
};

const FAINT = 0.38;

export function paint(context: CanvasRenderingContext2D, picture: Picture): void {
  const { map, layout, ratio, width, palette } = picture;
  const { canvas } = context;
  const high = Math.round(layout.height * ratio);
  // Setting the size clears the canvas, also when it is the same.
  canvas.width = Math.round(width * ratio);
  canvas.height = high;

  const snap = (css: number) => Math.round(css * ratio);
  const pitch = layout.cell + layout.gap;
  const line = Math.max(1, Math.round(ratio));
  const cells = Math.ceil(map.length / layout.perCell);

  for (let at = 0; at < cells; at += 1) {
    const column = at % layout.columns;
    const left = snap(column * layout.pitch);
    const top = snap(Math.floor(at / layout.columns) * pitch);
    const size = snap(layout.cell);
    const wide = snap((column + 1) * layout.pitch - layout.gap) - left;
    const cell = cellAt(map, at, layout.perCell);

    if (cell.stored === 1) {
      fill(context, palette.stored, 1, left, top, wide, size);
    } else {
      if (cell.stored > 0) {
        // Half is the faintest that still reads as "something is there".
        fill(context, palette.stored, 0.25 + cell.stored * 0.55, left, top, wide, size);
      }
      if (cell.flight !== null) {
        const full = Math.round((size - 2 * line) * cell.flight);
        fill(
          context,
          palette.stored,
          0.55,
          left + line,
          top + size - line - full,
          wide - 2 * line,
          full,
        );
        box(context, palette.stored, 1, left, top, wide, size, line);
      } else {
        box(context, palette.pending, FAINT, left, top, wide, size, line);
      }
      if (cell.backoff) notch(context, palette.backoff, left, top, wide, size);
    }

    const glow = picture.glow.get(at);
    if (glow !== undefined) fill(context, palette.bright, glow * 0.6, left, top, wide, size);
    if (picture.pointed === at) {
      box(context, palette.bright, 1, left, top, wide, size, Math.max(line, snap(1.5)));
    }
  }
  context.globalAlpha = 1;
}

function fill(
  context: CanvasRenderingContext2D,
  colour: string,
  alpha: number,
  ...[left, top, width, height]: [number, number, number, number]
): void {
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.fillRect(left, top, width, height);
}

function box(
  context: CanvasRenderingContext2D,
  colour: string,
  alpha: number,
  left: number,
  top: number,
  width: number,
  size: number,
  line: number,
): void {
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.fillRect(left, top, width, line);
  context.fillRect(left, top + size - line, width, line);
  context.fillRect(left, top + line, line, size - 2 * line);
  context.fillRect(left + width - line, top + line, line, size - 2 * line);
}

/** A corner bitten out of the cell: told from the others without its colour. */
function notch(
  context: CanvasRenderingContext2D,
  colour: string,
  left: number,
  top: number,
  width: number,
  size: number,
): void {
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(left + width - size * 0.7, top);
  context.lineTo(left + width, top);
  context.lineTo(left + width, top + size * 0.7);
  context.closePath();
  context.fill();
}

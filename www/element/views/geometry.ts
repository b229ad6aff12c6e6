/**
 * Which rows of a long list are visible, and where they stand.
 *
 * Browsers clamp the height of an element (Firefox near 17.8 million px). Above {@link MAX_HEIGHT} the scroll position
 * is mapped in proportion instead.
 */
export const MAX_HEIGHT = 12_000_000;
/** Rows kept beyond the edges, so that a scroll step does not show a gap. */
const OVERSCAN = 6;

export interface Viewport {
  top: number;
  height: number;
}

export interface Geometry {
  /** Height of the spacer that makes the scroll bar. */
  height: number;
  first: number;
  last: number;
  /** Where row `index` stands in the spacer. */
  offset(index: number): number;
  /** The scroll position that shows row `index` with the least movement. */
  reveal(index: number): number;
}

export function layOut(total: number, rowHeight: number, view: Viewport): Geometry {
  const whole = total * rowHeight;
  const height = Math.min(whole, MAX_HEIGHT);
  const travel = Math.max(1, height - view.height);
  const scale = whole > height ? (whole - view.height) / travel : 1;
  const top = Math.max(0, Math.min(view.top, travel)) * scale;
  const clampedTop = whole <= view.height ? 0 : top;
  return {
    height,
    first: Math.max(0, Math.floor(clampedTop / rowHeight) - OVERSCAN),
    last: Math.min(total - 1, Math.ceil((clampedTop + view.height) / rowHeight) + OVERSCAN),
    offset(index) {
      const at = scale === 1 ? index * rowHeight : index * rowHeight - top + view.top;
      return Math.max(0, Math.min(height - rowHeight, at));
    },
    reveal(index) {
      const start = index * rowHeight;
      if (start < top) return start / scale;
      if (start + rowHeight > top + view.height) return (start + rowHeight - view.height) / scale;
      return view.top;
    },
  };
}

const GAP = 6;
const EDGE = 8;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/** Where a panel goes, as a style: below its button or, where there is no room, above; always inside the window. */
export function place(button: Box, panel: Box): string {
  const below = button.bottom + GAP;
  const fits = below + panel.height <= innerHeight - EDGE;
  const top = fits ? below : Math.max(EDGE, button.top - GAP - panel.height);
  const left = Math.max(EDGE, Math.min(button.left, innerWidth - EDGE - panel.width));
  return `top: ${top}px; left: ${left}px`;
}

/** Which sums a stretch of time is read from: those of long spans first, and slices for what remains at its ends. */

export type RolledSpan = 'month' | 'week' | 'day' | 'quarter';

/** Times in milliseconds since 1970, `to` not included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Piece extends Stretch {
  readonly span: RolledSpan | 'slice';
  /** -1 for a piece that is taken off, since a longer one reaches beyond the stretch. */
  readonly sign: 1 | -1;
}

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** The first Monday after the first of January 1970. */
const MONDAY = 4 * DAY_MS;

/** The beginning of the span (in UTC) that holds the moment, or of a later one. */
const startOf = (span: RolledSpan, at: number, later = 0): number => {
  if (span === 'month') {
    const date = new Date(at);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later);
  }
  const [length, start] = {
    week: [WEEK_MS, MONDAY] as const,
    day: [DAY_MS, 0] as const,
    quarter: [QUARTER_MS, 0] as const,
  }[span];
  return (Math.floor((at - start) / length) + later) * length + start;
};

function nearest(span: RolledSpan, at: number, until: number): number {
  const [before, after] = [startOf(span, at), startOf(span, at, 1)];
  return after - at < at - before && after <= until ? after : before;
}

/**
 * Pieces that make up the stretch when they are added and taken off by their sign.
 *
 * @param spans those that there are rollups of, the longest first
 * @param until up to when there are any
 */
export function pieces(
  { from, to }: Stretch,
  spans: readonly RolledSpan[],
  until: number,
  sign: 1 | -1 = 1,
): readonly Piece[] {
  if (from === to) return [];
  if (from > to) return pieces({ from: to, to: from }, spans, until, sign === 1 ? -1 : 1);
  const [span, ...shorter] = spans;
  if (!span) return [{ span: 'slice', from, to, sign }];
  const [first, last] = [nearest(span, from, until), nearest(span, Math.min(to, until), until)];
  const beyond = Math.abs(first - from) + Math.abs(to - last);
  if (first >= last || beyond >= to - from) return pieces({ from, to }, shorter, until, sign);
  return [
    ...pieces({ from, to: first }, shorter, until, sign),
    { span, from: first, to: last, sign },
    ...pieces({ from: last, to }, shorter, until, sign),
  ];
}

/** Pieces of one span and sign that follow each other without a gap: read at once. */
export interface Run<P extends Piece> extends Piece {
  readonly pieces: readonly P[];
}

export function runsOf<P extends Piece>(cut: readonly P[]): readonly Run<P>[] {
  const runs: Run<P>[] = [];
  for (const piece of cut) {
    const at = runs.findLastIndex(
      ({ span, sign, to }) => span === piece.span && sign === piece.sign && to === piece.from,
    );
    const before = runs[at];
    if (before) runs[at] = { ...before, to: piece.to, pieces: [...before.pieces, piece] };
    else runs.push({ ...piece, pieces: [piece] });
  }
  return runs;
}

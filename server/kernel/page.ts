import type { z } from 'zod';
import { fail } from './failure.ts';

/** Part of a list, and the cursor to pass as `after` for what follows; null at the end. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly next: string | null;
}

const PAGE_SIZE_MAX = 200;

/** @throws Failure INVALID when `first` is not between 1 and 200, or the lower bound of a list whose items cost more */
export function pageSize(first: number, sizeMax = PAGE_SIZE_MAX): number {
  if (first >= 1 && first <= sizeMax) return first;
  return fail('INVALID', `first must be between 1 and ${sizeMax}.`, { param: 'first' });
}

/** Cuts one row too many off a result of `size + 1` rows, and tells by it whether more follows. */
export function pageOf<T>(
  rows: readonly T[],
  size: number,
  cursorOf: (last: T) => readonly string[],
): Page<T> {
  const nodes = rows.slice(0, size);
  const last = nodes.at(-1);
  return { nodes, next: rows.length > size && last ? encodeCursor(cursorOf(last)) : null };
}

const encodeCursor = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** @throws Failure INVALID when the cursor is not one that `pageOf` gave for a list with sort keys of this shape */
export function decodeCursor<T>(cursor: string, shape: z.ZodType<T>): T {
  const { success, data } = shape.safeParse(parsed(cursor));
  return success
    ? data
    : fail('INVALID', 'after is not a cursor of this list.', { param: 'after' });
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}

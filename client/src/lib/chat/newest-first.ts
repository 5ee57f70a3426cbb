interface Dated {
  readonly id: string;
  readonly updatedAt: string;
}

const newestFirst = (a: Dated, b: Dated) =>
  Date.parse(b.updatedAt) - Date.parse(a.updatedAt) || (a.id < b.id ? 1 : -1);

/** Puts items in their places, newest first; one that is there already is replaced. */
export function merged<T extends Dated>(held: readonly T[], added: readonly T[]): T[] {
  const byId = new Map([...held, ...added].map((item) => [item.id, item]));
  return [...byId.values()].sort(newestFirst);
}

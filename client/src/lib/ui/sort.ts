import { type Address, withParameters } from './query.ts';

export interface Order<Column extends string> {
  readonly by: Column;
  readonly descending: boolean;
}

/** What the address says of the order of a table; `first` is how it is without a word. */
export function orderOf<Column extends string>(
  url: Address,
  columns: readonly Column[],
  first: Order<Column>,
): Order<Column> {
  const by = columns.find((column) => column === url.searchParams.get('sort'));
  return by ? { by, descending: url.searchParams.has('descending') } : first;
}

/**
 * What a head of a column needs: where a click leads, and what holds now. A first click on amounts and dates shows the
 * largest first, on text the first letter.
 */
export function sortHead<Column extends string>(
  url: Address,
  order: Order<Column>,
  column: Column,
  isNumber = false,
) {
  const isCurrent = order.by === column;
  const descending = isCurrent ? !order.descending : isNumber;
  const direction = order.descending ? ('descending' as const) : ('ascending' as const);
  return {
    isNumber,
    order: isCurrent ? direction : undefined,
    href: withParameters(url, {
      sort: column,
      descending: descending ? 'yes' : undefined,
      after: undefined,
    }),
  };
}

import type {
  PeopleOrder,
  PeopleQueryVariables,
  PersonRowFragment,
} from '#lib/graphql/generated.ts';
import { formatBalance, formatCost } from '#lib/ui/numbers.ts';
import type { Address } from '#lib/ui/query.ts';
import { orderOf } from '#lib/ui/sort.ts';
import type { Deed } from './account-deeds.ts';

export type PersonRow = PersonRowFragment;

const COLUMNS: readonly PeopleOrder[] = [
  'NAME',
  'EMAIL',
  'LEFT',
  'COST',
  'TOKENS',
  'REQUESTS',
  'CREATED_AT',
  'LAST_SEEN_AT',
];
/** How many people a page of the list may have. */
export const PAGE_SIZES = ['25', '50', '100', '200'] as const;
const PAGE_SIZE = '50';

export const orderOfPeople = (url: Address) =>
  orderOf(url, COLUMNS, { by: 'EMAIL', descending: false });

export const pageSizeOf = ({ searchParams }: Address): (typeof PAGE_SIZES)[number] =>
  PAGE_SIZES.find((size) => size === searchParams.get('rows')) ?? PAGE_SIZE;

/** What the address of the list asks of the server. */
export function peopleAsked(url: Address): PeopleQueryVariables {
  const { by, descending } = orderOfPeople(url);
  return {
    first: Number(pageSizeOf(url)),
    after: url.searchParams.get('after'),
    search: url.searchParams.get('search'),
    asksForDeletion: url.searchParams.has('deletion'),
    orderBy: by,
    descending,
  };
}

type Limited = Pick<PersonRow, 'pool'>;

export function leftText({ pool }: Limited): string {
  if (!pool) return '–';
  if (pool.unlimited) return /* @wc-include */ 'unlimited';
  return `${formatBalance(pool.left, 2)} of ${formatCost(pool.max)}`;
}

type Changeable = Pick<PersonRow, 'limit' | 'isActive' | 'deletionAskedAt'>;

/** What can be done with a person now. */
export const deedsFor = ({ limit, isActive, deletionAskedAt }: Changeable): readonly Deed[] => [
  ...(deletionAskedAt ? (['erase', 'keep'] as const) : []),
  'grant',
  'reset',
  ...(limit?.isLocked ? [] : (['limit'] as const)),
  ...(limit && !limit.isLocked ? (['unlimit'] as const) : []),
  isActive ? 'disable' : 'enable',
];

// What the address of the page says of the usage to be shown.
import type { UsageFilter, UsagePeriod } from '#lib/graphql/generated.ts';
import { type Address, oneOf } from '#lib/ui/query.ts';

export const periodTexts = () => ({
  week: 'Week',
  month: 'Month',
  year: 'Year',
  all: 'All time',
  custom: 'From … to …',
});
export type Period = keyof ReturnType<typeof periodTexts>;

export const sourceTexts = () => ({ '': 'Chat and API', CHAT: 'Chat', API: 'API' });

/** Whose usage and which, when the address says so; the rest of the filter is when. */
const SCOPES = ['account', 'project', 'key', 'group', 'model', 'source'] as const;

export const periodOf = (url: Address): Period =>
  oneOf(url, 'period', ['week', 'month', 'year', 'all', 'custom']);

const startOfDay = (day: string, later = 0): string | undefined => {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + later).toISOString();
};

function whenOf({ searchParams }: Address, period: Period): UsageFilter {
  if (period !== 'custom') return { period: period.toUpperCase() as UsagePeriod };
  const from = startOfDay(searchParams.get('from') ?? '');
  const to = startOfDay(searchParams.get('to') ?? '', 1);
  return from && to ? { from, to } : { period: 'WEEK' };
}

/** What of everybody an administrator asks for: a group is of everybody too. */
const isOfEveryone = ({ searchParams }: Address, isAdmin: boolean): boolean =>
  isAdmin && searchParams.has('everyone') && !searchParams.has('account');

export function filterOf(url: Address, isAdmin: boolean): UsageFilter {
  const scopes = SCOPES.flatMap((scope) => {
    const value = url.searchParams.get(scope);
    return value ? [[scope, value]] : [];
  });
  return {
    ...whenOf(url, periodOf(url)),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(isOfEveryone(url, isAdmin) && { everyone: true }),
    ...Object.fromEntries(scopes),
  };
}

/** Whether it is what the viewer has used themselves, whatever is left out of it. */
export const isOwn = ({ everyone, account, project, group }: UsageFilter): boolean =>
  !everyone && !account && !project && !group;

const ENUMS: ReadonlySet<string> = new Set(['period', 'source']);

/** A query that gives what a chart shows, to be run as it stands. */
export function queryText(filter: UsageFilter, selection: string): string {
  const parts = Object.entries(filter).map(
    ([name, value]) => `${name}: ${ENUMS.has(name) ? value : JSON.stringify(value)}`,
  );
  return `{\n  usage(filter: { ${parts.join(', ')} }) {\n    ${selection}\n  }\n}\n`;
}

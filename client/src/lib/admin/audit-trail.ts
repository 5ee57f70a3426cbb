import { askDirectly } from '#lib/graphql/direct.ts';
import {
  type AuditFilter,
  type AuditRowFragment,
  AuditTrailDocument,
  type AuditTrailQueryVariables,
} from '#lib/graphql/generated.ts';
import type { Outcome } from '#lib/graphql/outcome.ts';
import { csv } from '#lib/ui/csv.ts';
import type { Address } from '#lib/ui/query.ts';

const PAGE = 50;
const PAGE_MAX = 200;
/** So many fit into a spreadsheet, and into the memory of a browser. */
const EXPORT_MAX = 10_000;
const DAY_MS = 86_400_000;

/** The beginning of a day where the reader is; `<input type="date">` gives the day. */
function dayStart(day: string): number | undefined {
  const time = Date.parse(`${day}T00:00`);
  return Number.isNaN(time) ? undefined : time;
}

/** What the address of the page says of the entries to be shown. */
function filterOf({ searchParams }: Address): AuditFilter {
  const given = (name: string) => searchParams.get(name)?.trim() || undefined;
  const from = dayStart(given('from') ?? '');
  const to = dayStart(given('to') ?? '');
  const filter = {
    actor: given('actor'),
    subject: given('subject'),
    action: given('action'),
    from: from === undefined ? undefined : new Date(from).toISOString(),
    // The last day is meant to be in it.
    to: to === undefined ? undefined : new Date(to + DAY_MS).toISOString(),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

export const entriesFor = (url: Address) =>
  askDirectly(AuditTrailDocument, {
    filter: filterOf(url),
    after: url.searchParams.get('after'),
    first: PAGE,
  });

export const actorText = ({ actor }: Pick<AuditRowFragment, 'actor'>): string =>
  actor ? (actor.name ?? actor.email ?? actor.id) : 'Lumen';

const valueText = (value: unknown): string => (value == null ? '' : JSON.stringify(value));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an entry changed, a line for each member that is another now. */
export function changesOf({ before, after }: Pick<AuditRowFragment, 'before' | 'after'>): string[] {
  if (!isObject(before ?? {}) || !isObject(after ?? {}))
    return [changeText(valueText(before), valueText(after))];
  const [was, is] = [before ?? {}, after ?? {}] as Record<string, unknown>[];
  return [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])].flatMap((name) => {
    const [old, now] = [memberText(was?.[name]), memberText(is?.[name])];
    return old === now ? [] : [`${name}: ${changeText(old, now)}`];
  });
}

const memberText = (value: unknown): string =>
  typeof value === 'string' ? value : valueText(value);

const changeText = (old: string, now: string): string => (old ? `${old} → ${now || '–'}` : now);

const rowOf = (entry: AuditRowFragment) => [
  entry.at,
  entry.actor?.email ?? actorText(entry),
  entry.action,
  entry.subjectKind,
  entry.subjectName ?? entry.subject,
  entry.reason,
  valueText(entry.before),
  valueText(entry.after),
];
const HEADS = ['at', 'actor', 'action', 'kind', 'subject', 'reason', 'before', 'after'];

/** All entries that the address asks for, the newest 10,000 of them, as a table for spreadsheets. */
export async function auditCsv(url: Address): Promise<Outcome<string>> {
  const entries: AuditRowFragment[] = [];
  const filter = filterOf(url);
  let after: string | null = null;
  do {
    const variables: AuditTrailQueryVariables = { filter, after, first: PAGE_MAX };
    const page = await askDirectly(AuditTrailDocument, variables);
    if (page.failure) return { failure: page.failure };
    entries.push(...page.data.auditEntries.nodes);
    after = page.data.auditEntries.next;
  } while (after !== null && entries.length < EXPORT_MAX);
  return { data: csv(HEADS, entries.map(rowOf)) };
}

import type { ApiKeyRowFragment, ApiKeyScope, CreateApiKeyInput } from '#lib/graphql/generated.ts';
import type { Outcome } from '#lib/graphql/outcome.ts';
import { formatList } from '#lib/ui/numbers.ts';

export type ApiKey = ApiKeyRowFragment;

/** Makes a key; gives its secret. */
export type KeyMaker = (input: CreateApiKeyInput) => Promise<Outcome<string>>;

/** What a key may be used for. */
export const scopeTexts = (): Readonly<Record<ApiKeyScope, string>> => ({
  CHAT: 'ask models',
  MODELS: 'list models',
  USAGE: 'read what you have used',
  GRAPHQL_READ: 'read everything of yours',
  GRAPHQL: 'read and change everything of yours',
});
export const ALL_SCOPES: readonly ApiKeyScope[] = [
  'CHAT',
  'MODELS',
  'USAGE',
  'GRAPHQL_READ',
  'GRAPHQL',
];

/** What a scope brings with it. */
export const IMPLIED: Readonly<Partial<Record<ApiKeyScope, readonly ApiKeyScope[]>>> = {
  GRAPHQL: ['USAGE', 'GRAPHQL_READ'],
  GRAPHQL_READ: ['USAGE'],
};

/** The scopes with all that they bring with them, in the order of `ALL_SCOPES`. */
export function withImplied(scopes: readonly ApiKeyScope[]): ApiKeyScope[] {
  const all = new Set([...scopes, ...scopes.flatMap((scope) => IMPLIED[scope] ?? [])]);
  return ALL_SCOPES.filter((scope) => all.has(scope));
}

/** "May ask models and list models", without what goes without saying. */
export function scopesText(scopes: readonly ApiKeyScope[]): string {
  if (withImplied(scopes).length === ALL_SCOPES.length) return 'May do everything';
  const implied = new Set(scopes.flatMap((scope) => IMPLIED[scope] ?? []));
  const said = ALL_SCOPES.filter((scope) => scopes.includes(scope) && !implied.has(scope));
  const texts = scopeTexts();
  return `May ${formatList(said.map((scope) => texts[scope]))}`;
}

const placeTexts = (): Readonly<Record<string, string>> => ({
  loopback: 'from this server itself',
  private: 'from an internal network',
  public: 'from the internet',
});

/** Where a key was used from last; empty where that is not known. */
export const placeText = (addressClass: string): string => placeTexts()[addressClass] ?? '';

export const sortTexts = () => ({
  newest: 'Newest first',
  name: 'Name',
  used: 'Last used',
  requests: 'Most requests',
  tokens: 'Most tokens',
  cost: 'Highest cost',
});
export type Sort = keyof ReturnType<typeof sortTexts>;

/** Whether the key has cost all that it may. */
export const isSpent = ({ costMax, usage }: ApiKey): boolean =>
  costMax !== null && Number(usage.cost) >= Number(costMax);

export const tokensOf = ({ usage }: ApiKey): number => usage.inputTokens + usage.outputTokens;

const comparisons: Readonly<Record<Sort, (a: ApiKey, b: ApiKey) => number>> = {
  newest: (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt),
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
  used: (a, b) => Date.parse(b.lastUsedAt ?? '1970') - Date.parse(a.lastUsedAt ?? '1970'),
  requests: (a, b) => b.usage.requests - a.usage.requests,
  tokens: (a, b) => tokensOf(b) - tokensOf(a),
  cost: (a, b) => Number(b.usage.cost) - Number(a.usage.cost),
};

/** Those whose name or hint contains the words, in the order asked for. */
export function arranged(keys: readonly ApiKey[], words: string, sort: Sort): ApiKey[] {
  const wanted = words.trim().toLowerCase();
  return keys
    .filter(({ name, hint }) => `${name} ${hint}`.toLowerCase().includes(wanted))
    .sort(comparisons[sort]);
}

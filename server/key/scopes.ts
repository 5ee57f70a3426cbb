import type { Actor, Scope } from '../context.ts';
import { fail } from '../kernel/failure.ts';

export const SCOPES: readonly Scope[] = ['chat', 'models', 'usage', 'graphql:read', 'graphql'];

/** What a key may be used for unless its owner says less; `graphql` includes `graphql:read`. */
export const ALL_SCOPES: readonly Scope[] = ['chat', 'models', 'usage', 'graphql'];

/** Whoever shows no key, or one with any of the scopes, passes. @throws Failure FORBIDDEN */
export function needScope(
  actor: Pick<Actor, 'keyTerms'> | null,
  ...enough: readonly Scope[]
): void {
  const scopes = actor?.keyTerms?.scopes;
  if (!scopes || enough.some((scope) => scopes.has(scope))) return;
  fail(
    'FORBIDDEN',
    `This API key is not meant for that: it needs the scope ${enough.join(' or ')}.`,
    {
      reason: 'scope_missing',
    },
  );
}

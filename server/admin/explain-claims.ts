import { accessDecider, type ModelAccess } from '../access/effective-access.ts';
import { poolPolicy } from '../budget/pool-policy.ts';
import type { PoolPolicy } from '../config/config.ts';
import { administrator, type Context, type Subject } from '../context.ts';
import { type Claims, matchingGroups } from '../group/matching-groups.ts';
import { groupsOf } from '../group/memberships.ts';
import { normalEmail } from '../kernel/email.ts';
import { fail } from '../kernel/failure.ts';

const CLAIMS_CHARACTERS_MAX = 100_000;

export interface ClaimsExplanation {
  readonly groups: readonly string[];
  readonly pool: PoolPolicy | null;
  readonly models: readonly { readonly name: string; readonly access: ModelAccess }[];
}

/**
 * What somebody with these claims would be given at their first sign-in; nothing is stored.
 *
 * @param text the claims as one JSON object
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, INVALID, TOO_LARGE
 */
export function explainClaims(
  ctx: Pick<Context, 'actor' | 'config'>,
  text: string,
): ClaimsExplanation {
  administrator(ctx);
  const claims = claimsFrom(text);
  const { config } = ctx;
  const person: Subject = {
    kind: 'person',
    email: typeof claims.email === 'string' ? normalEmail(claims.email) : null,
    slug: null,
    groups: matchingGroups(config, claims),
    acknowledged: new Map(),
    limit: null,
  };
  const decide = accessDecider(config, person);
  return {
    groups: groupsOf(config, person).map(({ name }) => name),
    pool: poolPolicy(config, person),
    models: [...config.models.values()].map((model) => ({
      name: model.name,
      access: decide(model).access,
    })),
  };
}

function claimsFrom(text: string): Claims {
  if (text.length > CLAIMS_CHARACTERS_MAX)
    fail('TOO_LARGE', `Claims have at most ${CLAIMS_CHARACTERS_MAX} characters.`, {
      param: 'claims',
    });
  const claims = parsed(text);
  if (typeof claims === 'object' && claims !== null && !Array.isArray(claims))
    return claims as Claims;
  return fail('INVALID', 'Claims are one JSON object: { "affiliation": "staff@example.org" }.', {
    param: 'claims',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

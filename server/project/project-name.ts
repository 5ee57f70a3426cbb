import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { oneLine } from '../kernel/one-line.ts';
import { slugOf } from '../kernel/slug.ts';

const NAME_CHARACTERS_MAX = 128;

/** What stands, or may come to stand, at the places of slugs: in addresses and in config.yaml. */
const RESERVED = new Set(
  `new default admin admins all api account accounts chat client clients config data default devlogin edit files
  graphql group groups healthz help key keys login logout manage manager managers me metrics model models none null
  owner page project projects readyz search service services settings undefined usage user users v1`.split(
    /\s+/,
  ),
);

export interface ProjectName {
  readonly name: string;
  readonly slug: string;
}

/** A name as administrators and owners may give it: one line, trimmed. @throws Failure INVALID, TOO_LARGE */
export function projectName(text: string): ProjectName {
  const name = oneLine(text);
  if (name === '') fail('INVALID', 'Give the project a name.', { param: 'name' });
  if (name.length > NAME_CHARACTERS_MAX)
    fail('TOO_LARGE', `A project's name has at most ${NAME_CHARACTERS_MAX} characters.`, {
      param: 'name',
    });
  const slug = slugOf(name);
  if (slug === '') fail('INVALID', 'A project’s name has letters or digits.', { param: 'name' });
  if (RESERVED.has(slug))
    fail('INVALID', `The name "${name}" is reserved: choose another.`, {
      reason: 'name_reserved',
      param: 'name',
    });
  return { name, slug };
}

/** Names that differ in case only, or have the same slug, are one name to people. @throws Failure CONFLICT */
export async function mustBeFree(
  tx: Pick<Context, 'sql'>,
  { name, slug }: ProjectName,
  besides: string | null = null,
): Promise<void> {
  const { rows } = await sql<{ is_active: boolean }>`
    select is_active from account
    where kind = 'project' and (slug = ${slug} or lower(name) = lower(${name})) and id is distinct from ${besides}::uuid
    limit 1`.execute(tx.sql);
  if (rows[0]) taken(rows[0].is_active);
}

export const taken = (isActive = true): never =>
  fail('CONFLICT', `There is ${isActive ? 'a' : 'an inactive'} project of this name already.`, {
    param: 'name',
  });

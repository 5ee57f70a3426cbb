import { accessDecider } from '../access/effective-access.ts';
import { type ModelView, viewOf } from '../access/visible-models.ts';
import { subjectsWith } from '../account/subjects.ts';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import { groupNamesOf } from '../group/memberships.ts';

/** All models by name, also those that are blocked, as the person sees them. */
export async function modelsOfPerson(
  ctx: Context,
  accountId: string,
): Promise<readonly ModelView[]> {
  const subject = await batched(ctx, subjectsWith, accountId);
  if (!subject) return [];
  const decide = accessDecider(ctx.config, subject);
  return [...ctx.config.models.values()]
    .map((model) => viewOf(ctx, subject, model, decide(model).access))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

export async function groupsOfPerson(ctx: Context, accountId: string): Promise<readonly string[]> {
  const subject = await batched(ctx, subjectsWith, accountId);
  return subject ? groupNamesOf(ctx.config, subject) : [];
}

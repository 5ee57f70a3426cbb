import type { Actor, Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { initialsOf, initialsOfProject } from './account.entity.ts';

/** The account that asks. */
export interface Viewer extends Actor {
  readonly id: string;
  readonly initials: string;
}

/** @throws Failure UNAUTHENTICATED */
export function viewer(ctx: Pick<Context, 'actor'>): Viewer {
  const actor = signedIn(ctx);
  const { accountId: id, kind, name } = actor;
  return {
    ...actor,
    id,
    initials: kind === 'project' ? initialsOfProject(name) : initialsOf(name),
  };
}

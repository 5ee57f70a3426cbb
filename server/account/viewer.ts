import type { Actor, Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { initialsOf } from './account.entity.ts';

/** The account that asks. */
export interface Viewer extends Actor {
  readonly id: string;
  readonly initials: string;
}

/** @throws Failure UNAUTHENTICATED */
export function viewer(ctx: Pick<Context, 'actor'>): Viewer {
  const actor = signedIn(ctx);
  return { ...actor, id: actor.accountId, initials: initialsOf(actor.name) };
}

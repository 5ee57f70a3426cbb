/** What one unit of work (a request, an operation, a turn, a job) is given. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import type { Config, PoolPolicy } from './config/config.ts';
import type { Sql } from './db/orm.ts';
import type { Coins } from './kernel/coins.ts';
import { fail } from './kernel/failure.ts';
import type { Bus } from './live/bus.ts';

export interface Context {
  /** A unit of work of its own; inside `transact` it is the transaction. */
  readonly em: EntityManager;
  /** Hand-written statements, each its own transaction. */
  readonly sql: Sql;
  /** The snapshot that this unit of work began with. */
  readonly config: Config;
  /** Who asks; null when nobody is signed in. */
  readonly actor: Actor | null;
  readonly live: Bus;
  readonly log: Logger;
  readonly parts: Parts;
  /** The same asker in a context of now, for an event of a subscription. @throws Failure when they may not ask any more */
  renewed(): Promise<Context>;
  /** The same in a unit of work of its own, which has read nothing yet. */
  forked(): Context;
}

/** The account on whose behalf work is done, and the door it came through. */
export interface Actor {
  readonly accountId: string;
  readonly kind: 'person' | 'project';
  readonly name: string;
  /** Normalised; null for projects. */
  readonly email: string | null;
  /** A project's name in config.yaml and in addresses; null for people. */
  readonly slug: string | null;
  readonly isAdmin: boolean;
  /** Names of the groups that the database knows it to be in: by a rule at sign-in, or by hand. */
  readonly groups: readonly string[];
  /** When it acknowledged the terms of which models, in ISO 8601, by their names. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** The pool that an administrator gave this account alone; null when nobody did. */
  readonly limit: PoolPolicy | null;
  /** Whether the person limits what they spend in a month. */
  readonly hasMonthlyLimit: boolean;
  readonly apiKeyId: string | null;
  /** Of the API key that was used. */
  readonly keyTerms: KeyTerms | null;
  /** Digest of the session's token; null when an API key was used. */
  readonly session: Buffer | null;
}

/** @throws Failure UNAUTHENTICATED, FORBIDDEN for everybody but administrators */
export function administrator(ctx: Pick<Context, 'actor'>): Actor {
  const actor = signedIn(ctx);
  return actor.isAdmin ? actor : fail('FORBIDDEN', 'Only administrators may do this.');
}

/** What an API key may be used for. */
export type Scope = 'chat' | 'models' | 'usage' | 'graphql:read' | 'graphql';

/** On what terms, and from where, an API key was used. */
export interface KeyTerms {
  readonly scopes: ReadonlySet<Scope>;
  readonly expiresAt: Date | null;
  /** What it may cost in all; null is no limit. */
  readonly costMax: Coins | null;
  readonly addressClass: 'loopback' | 'private' | 'public';
}

/** What rules about models and pools look at. */
export type Subject = Pick<Actor, 'kind' | 'email' | 'slug' | 'groups' | 'acknowledged' | 'limit'>;

/**
 * The long-lived parts of the process. Each feature adds its own here by declaration merging, so that this file, which
 * stands left of all features, needs to know none of them; `app.ts` makes them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: features merge their parts into it.
export interface Parts {}

/** A context in which somebody is signed in. */
export interface ActorContext extends Context {
  readonly actor: Actor;
}

/** @throws Failure UNAUTHENTICATED when nobody is signed in */
export function signedIn(ctx: Pick<Context, 'actor'>): Actor {
  return (
    ctx.actor ??
    fail('UNAUTHENTICATED', 'Sign in first, or send an API key as "Authorization: Bearer sk_…".')
  );
}

/** @throws Failure UNAUTHENTICATED when nobody is signed in */
export function signedInContext(ctx: Context): ActorContext {
  signedIn(ctx);
  return ctx as ActorContext;
}

/** Of somebody who has a chat. @throws Failure UNAUTHENTICATED, FORBIDDEN for projects */
export function chatContext(asking: Context): ActorContext {
  const ctx = signedInContext(asking);
  if (ctx.actor.kind === 'project')
    fail('FORBIDDEN', 'A project has no chat: its keys ask on /v1.', { reason: 'project_no_chat' });
  return ctx;
}

/** A mutation that is sent again with its `Idempotency-Key` is not run again: it gets the answer of the first time. */
import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type GraphQLRequestContextDidResolveOperation,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import { type DocumentNode, visit } from 'graphql';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';

const KEY = /^[\x20-\x7e]{1,255}$/;
const KEPT_HOURS = 24;
/** A longer answer is not kept. */
const RESPONSE_BYTES_MAX = 65_536;
/** How long a repetition waits for the first to end: most mutations take some milliseconds. */
const PATIENCE_MS = 3_000;
const LOOK_EVERY_MS = 50;

type Sent = GraphQLRequestContextDidResolveOperation<Context>;
type Body = GraphQLResponse['body'];

/** One use of a key. */
export interface KeyUse {
  /** The answer of the first use; null when this is the first. */
  readonly repeated: GraphQLResponse | null;
  /** Keeps the answer of the first use for its repetitions. */
  keep(body: Body): Promise<void>;
}

interface Named {
  readonly accountId: string;
  readonly key: string;
  readonly digest: Buffer;
}

/**
 * Claims the key of a mutation, or finds what its first use gave; null for all else, visitors' mutations too.
 *
 * @throws Failure INVALID for a malformed key or another operation, CONFLICT when there is no answer to repeat
 */
export async function useKey(sent: Sent): Promise<KeyUse | null> {
  const { request, operation, contextValue: ctx } = sent;
  const key = request.http?.headers.get('idempotency-key');
  if (key === undefined || operation?.operation !== 'mutation' || !ctx.actor) return null;
  if (!KEY.test(key))
    fail('INVALID', 'An Idempotency-Key has 1 to 255 printable characters of ASCII.', {
      param: 'Idempotency-Key',
    });
  const named = { accountId: ctx.actor.accountId, key, digest: digestOf(sent) };
  if (await claims(ctx, named))
    return { repeated: null, keep: (body) => keep(ctx, named, sent.document, body) };
  return { repeated: asResponse(await firstResponse(ctx, named)), keep: async () => undefined };
}

/** Forgets what is too old to be repeated. */
export async function sweepIdempotencyKeys(ctx: Pick<Context, 'sql'>): Promise<void> {
  await sql`delete from idempotency_key
    where created_at < now() - make_interval(hours => ${KEPT_HOURS})`.execute(ctx.sql);
}

const digestOf = ({ source, request: { variables, operationName } }: Sent): Buffer =>
  hash('sha256', JSON.stringify([source, variables ?? {}, operationName ?? null]), 'buffer');

/** Whether this is the first use; one so old that it only waits to be swept does not count. */
async function claims(ctx: Context, { accountId, key, digest }: Named): Promise<boolean> {
  const { rows } = await sql`
    insert into idempotency_key as i (account_id, key, digest) values (${accountId}, ${key}, ${digest})
    on conflict (account_id, key) do update
      set digest = excluded.digest, state = 'running', response = null, created_at = now()
      where i.created_at < now() - make_interval(hours => ${KEPT_HOURS})
    returning 1`.execute(ctx.sql);
  return rows.length > 0;
}

/** What the first use was answered. One that never ends, since its process died, is never run anew: it may have paid. */
async function firstResponse(ctx: Context, { accountId, key, digest }: Named): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await sql<{ isSame: boolean; state: string; response: string | null }>`
      select digest = ${digest} as "isSame", state, response from idempotency_key
      where account_id = ${accountId} and key = ${key}`.execute(ctx.sql);
    const [first] = rows;
    if (first?.isSame === false)
      fail('INVALID', 'This Idempotency-Key was used for another operation. Take a new one.', {
        reason: 'idempotency_key_reused',
      });
    if (first?.state === 'done') return first.response ?? notRepeatable();
    if (performance.now() >= until) inProgress();
    await delay(LOOK_EVERY_MS);
  }
}

const inProgress = (): never =>
  fail(
    'CONFLICT',
    'The operation with this Idempotency-Key has not ended, or was broken off. Look what it did before you send it with a new key.',
    { reason: 'idempotency_in_progress' },
  );

const notRepeatable = (): never =>
  fail(
    'CONFLICT',
    'The operation with this Idempotency-Key was run. Its answer is not kept, because it holds a secret or is too large.',
    { reason: 'idempotency_not_repeatable' },
  );

function asResponse(json: string): GraphQLResponse {
  const headers = new HeaderMap([['idempotent-replayed', 'true']]);
  const body: Body = { kind: 'single', singleResult: JSON.parse(json) };
  return { http: { headers }, body };
}

/** What was done is done: who asked is told so, even if the answer can't be kept. */
async function keep(
  ctx: Context,
  { accountId, key }: Named,
  document: DocumentNode,
  body: Body,
): Promise<void> {
  const json = body.kind === 'single' ? JSON.stringify(body.singleResult) : '';
  const isKept = Buffer.byteLength(json) <= RESPONSE_BYTES_MAX && !asksForSecret(document);
  try {
    await sql`update idempotency_key set state = 'done', response = ${isKept ? json : null}
      where account_id = ${accountId} and key = ${key}`.execute(ctx.sql);
  } catch (error) {
    ctx.log.warn({ err: error }, 'the answer to a mutation is not kept for its repetition');
  }
}

/** An alias changes what a field is called in the answer, never its name in the document. */
function asksForSecret(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    Field: ({ name }) => {
      isFound ||= name.value === 'secret' || SECRET_MAKERS.has(name.value);
    },
  });
  return isFound;
}

const SECRET_MAKERS: ReadonlySet<string> = new Set(['createApiKey', 'createProjectApiKey']);

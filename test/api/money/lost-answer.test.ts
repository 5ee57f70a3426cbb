import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { LeasedRequest } from '../../../server/budget/lease.ts';
import { Leases } from '../../../server/budget/leases.ts';
import { openOrm, type Sql, sqlOf } from '../../../server/db/orm.ts';

import { type Ended, Settler } from '../../../server/gateway/settle.ts';
import { type Coins, coins, NO_COINS, price } from '../../../server/kernel/coins.ts';
import { newId } from '../../../server/kernel/id.ts';
import { MemoryBus } from '../../../server/live/memory-bus.ts';
import { ENTITIES } from '../../../server/store.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { HELLO, post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

const log = pino({ level: 'silent' });

/** Commits each statement, and loses the answer to the first. */
function losingConnection(connection: Sql): Sql {
  let isLost = false;
  return connection.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (isLost) return result;
      isLost = true;
      throw new Error('the connection broke after the commit');
    },
  });
}

async function connect({ databaseUrl: url }: TestApp): Promise<Sql> {
  const orm = await openOrm({
    url,
    entities: ENTITIES,
    poolSizeMax: 2,
    acquireTimeoutMs: 5_000,
    log,
  });
  onTestFinished(() => orm.close(true));
  return sqlOf(orm);
}

const POLICIES = {
  limited: { unit: 'coins', max: coins(10), refreshPerHour: NO_COINS, starting: coins(10) },
  unlimited: { unit: 'coins', max: 'unlimited', refreshPerHour: NO_COINS, starting: NO_COINS },
} as const;

function endedRequest(accountId: string, policy: keyof typeof POLICIES, cost: Coins): Ended {
  const requestId = newId();
  const known = { requestId, accountId, apiKeyId: null, source: 'api', model: 'fake' } as const;
  const tokens = { inputTokens: 1, outputTokens: 1, choices: 1, clamp: true };
  const prices = { input: price(1), output: price(1) };
  const ask = {
    ...known,
    ...tokens,
    prices,
    isKeyCapped: false,
    hasMonthlyLimit: false,
    isTimed: false,
    policy: POLICIES[policy],
  };
  const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, reasoningTokens: 0 };
  const leased = new LeasedRequest(ask, NO_COINS, null);
  return {
    settlement: { requestId, accountId, policy: POLICIES[policy], charge: cost, leased },
    record: {
      ...known,
      addressClass: null,
      endpointId: null,
      outcome: 'finished',
      failureCode: null,
      usage,
      isEstimated: false,
      cost,
      firstTokenMs: null,
      durationMs: 1,
    },
  };
}

test.each(['limited', 'unlimited'] as const)(
  'R3 a bill whose commit was not heard of is not written a second time: %s',
  async (policy) => {
    const app = await testApp();
    const { key } = await (await app.person()).withKey();
    await (await post(app, HELLO, { key })).json();
    const [pool] = await app.rows<{ account_id: string; balance: bigint }>('select * from pool');
    const accountId = pool?.account_id ?? '';
    const connection = losingConnection(await connect(app));
    const leases = new Leases(connection, newId(), log);
    const settler = new Settler(connection, leases, new MemoryBus(), log);
    const cost = policy === 'limited' ? coins(1) : NO_COINS;
    await settler.settle(endedRequest(accountId, policy, cost));
    expect(await app.rows('select balance, held from pool')).toEqual([
      { balance: (pool?.balance ?? 0n) - cost, held: 0n },
    ]);
    await expectCleanBooks(app);
  },
);

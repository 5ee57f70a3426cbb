// The statement that settles, against the model of it on which the simulation of test/unit/budget relies.
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LEDGER_MISMATCHES } from '../../../server/budget/audit-ledger.ts';
import { Lease, type LeasedRequest } from '../../../server/budget/lease.ts';
import { Leases } from '../../../server/budget/leases.ts';
import type { LimitedPolicy, PoolState } from '../../../server/budget/pool.ts';
import type { ReserveAsk } from '../../../server/budget/reserve-ask.ts';
import { type Orm, openOrm } from '../../../server/db/orm.ts';
import { type Ended, Settler } from '../../../server/gateway/settle.ts';
import { type Coins, coins } from '../../../server/kernel/coins.ts';
import { newId } from '../../../server/kernel/id.ts';
import { MemoryBus } from '../../../server/live/memory-bus.ts';
import { ENTITIES } from '../../../server/store.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';
import { freshDatabase } from '../../support/services.ts';
import { settled } from '../../unit/budget/pool-model.ts';

const CASES = 400;
const REPLICA = newId();
const log = pino({ level: 'silent' });

let orm: Orm;
let settler: Settler;
beforeAll(async () => {
  const url = await freshDatabase();
  // Its only connection is the one that tells how the statements were planned.
  orm = await openOrm({ url, entities: ENTITIES, poolSizeMax: 1, acquireTimeoutMs: 5_000, log });
  const sql = orm.em.fork().getKysely<unknown>();
  settler = new Settler(sql, new Leases(sql, REPLICA, log), new MemoryBus(), log);
});
afterAll(() => orm.close(true));

const rows = <T>(statement: string, values: unknown[] = []): Promise<T[]> =>
  orm.em.getConnection().execute(statement, values);

interface Bill {
  readonly requestId: string;
  readonly charge: Coins;
  /** What is held for it; a bill whose reservation was lost has nothing. */
  readonly held: Coins;
  readonly way: 'row' | 'lease' | 'lost';
  readonly leased: LeasedRequest | null;
}

interface Case {
  readonly accountId: string;
  readonly policy: LimitedPolicy;
  readonly balance: Coins;
  /** Of the last refill, in seconds; negative when the clock was set back. */
  readonly age: number;
  readonly bills: readonly Bill[];
}

const micro = (amount: number): Coins => BigInt(amount) as Coins;

function someCase(seed: number): Case {
  const random = seeded(seed);
  const accountId = newId();
  const lease = new Lease(accountId, 'coins');
  lease.grow(coins(100));
  const bills = Array.from({ length: random.int(1, 4) }, () => someBill(random, lease));
  const max = random.oneOf([0.5, 1, 10]);
  return {
    accountId,
    policy: {
      unit: 'coins',
      max: coins(max),
      refreshPerHour: coins(random.oneOf([0, 0.000001, 0.333333, 60])),
      starting: coins(max),
    },
    balance: micro(random.int(-1_000_000, 12_000_000)),
    age: random.oneOf([random.int(0, 20), random.int(90, 400_000), -random.int(100, 100_000)]),
    bills,
  };
}

function someBill(random: Seeded, lease: Lease): Bill {
  const way = random.oneOf(['row', 'row', 'lease', 'lost'] as const);
  const held = micro(way === 'lost' ? 0 : random.int(0, 2_000_000));
  const charge = micro(random.chance(0.2) ? 0 : random.int(0, 3_000_000));
  const leased = way === 'lease' ? lease.take({} as ReserveAsk, held) : null;
  return { requestId: newId(), charge, held, way, leased };
}

const sumOf = (bills: readonly Bill[], of: (bill: Bill) => bigint): Coins =>
  bills.reduce((sum, bill) => sum + of(bill), 0n) as Coins;

const heldBy = (way: Bill['way'], bills: readonly Bill[]): Coins =>
  sumOf(bills, (bill) => (bill.way === way ? bill.held : 0n));

/** What a lease has besides its requests, so that what goes back can be told from what stays. */
const SPARE = coins(1);

async function store(cases: readonly Case[]): Promise<void> {
  const accounts = cases.map(({ accountId: id, balance, age, bills }) => {
    const leased = heldBy('lease', bills) + SPARE;
    const held = heldBy('row', bills) + leased;
    return { id, balance: String(balance), held: String(held), leased: String(leased), age };
  });
  const reservations = cases.flatMap(({ accountId, bills }) =>
    bills.flatMap(({ requestId, held, way }) =>
      way === 'row' ? { id: requestId, account: accountId, amount: String(held) } : [],
    ),
  );
  await rows(
    `with a as (select * from jsonb_to_recordset(?) as a (id uuid, balance bigint, held bigint, leased bigint, age int)),
    people as (insert into account (id, kind, email, name) select id, 'person', id || '@example.org', 'Somebody' from a),
    pools as (insert into pool (account_id, unit, balance, held, refilled_at)
      select id, 'coins', balance, held, clock_timestamp() - make_interval(secs => age) from a),
    leases as (insert into pool_lease (replica_id, account_id, amount) select ?::uuid, id, leased from a)
    insert into ledger_entry (account_id, kind, amount) select id, 'opening', balance from a`,
    [JSON.stringify(accounts), REPLICA],
  );
  await rows(
    `insert into reservation (request_id, account_id, replica_id, source, model, is_pooled, amount, input_price,
      output_price, input_tokens)
    select id, account, ?::uuid, 'api', 'fake', true, amount, 0, 0, 0
    from jsonb_to_recordset(?) as r (id uuid, account uuid, amount bigint)`,
    [REPLICA, JSON.stringify(reservations)],
  );
}

const endedOf = ({ accountId, policy }: Case, { requestId, charge, leased }: Bill): Ended => ({
  settlement: { requestId, accountId, policy, charge, leased },
  record: {
    requestId,
    accountId,
    apiKeyId: null,
    addressClass: null,
    model: 'fake',
    endpointId: null,
    source: 'api',
    outcome: 'finished',
    failureCode: null,
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 },
    isEstimated: false,
    cost: charge,
    firstTokenMs: null,
    durationMs: 1,
  },
});

const STATES = `select account_id as id, balance, held, (extract(epoch from refilled_at) * 1000000)::bigint as "refilledAt"
  from pool order by account_id`;

async function states(): Promise<Map<string, PoolState>> {
  const found = await rows<PoolState & { id: string }>(STATES);
  return new Map(found.map(({ id, ...state }) => [id, state]));
}

const now = async (): Promise<bigint> => {
  const [row] = await rows<{ now: bigint }>(
    'select (extract(epoch from clock_timestamp()) * 1000000)::bigint as now',
  );
  return row?.now ?? 0n;
};

const settleAll = (cases: readonly Case[]) =>
  Promise.all(cases.flatMap((one) => one.bills.map((bill) => settler.settle(endedOf(one, bill)))));

test(`settling does to ${CASES} pools what its model says, and nothing the second time`, async () => {
  const cases = Array.from({ length: CASES }, (_, seed) => someCase(seed + 1));
  await store(cases);
  const before = await states();
  const from = await now();
  await settleAll(cases);
  const until = await now();
  const after = await states();
  for (const [at, { accountId, policy, bills }] of cases.entries()) {
    const [state, found] = [before.get(accountId), after.get(accountId)];
    if (!state || !found) throw new Error('a pool is gone');
    const charge = sumOf(bills, (bill) => bill.charge);
    const used = sumOf(bills, ({ way, charge: cost, held }) =>
      way === 'lease' && cost < held ? cost : held,
    );
    const bill = { charge, released: used };
    const [least, most] = [from, until].map((when) =>
      settled(state, policy, { ...bill, now: when }),
    ) as [PoolState, PoolState];
    const seed = `seed ${at + 1}`;
    expect(found.held, seed).toBe(most.held);
    for (const field of ['balance', 'refilledAt'] as const) {
      expect(found[field], `${seed}: ${field}`).toBeGreaterThanOrEqual(least[field]);
      expect(found[field], `${seed}: ${field}`).toBeLessThanOrEqual(most[field]);
    }
  }
  expect(await rows(LEDGER_MISMATCHES)).toEqual([]);
  expect(await rows('select request_id from reservation')).toEqual([]);

  // Those of leases are not asked again: `Settler` does so only when it has not heard of their commit.
  const written = `select request_id, amount from ledger_entry where kind = 'settle' order by id`;
  const paid = await rows(written);
  await settleAll(
    cases.map((one) => ({ ...one, bills: one.bills.filter(({ leased }) => !leased) })),
  );
  expect(await rows(written)).toEqual(paid);
  expect(await rows(LEDGER_MISMATCHES)).toEqual([]);
  const billed = cases.flatMap(({ bills }) => bills.map(({ requestId }) => requestId)).sort();
  expect(
    (await rows<{ id: string }>('select id from request_log')).map(({ id }) => id).sort(),
  ).toEqual(billed);
});

test.each(['row', 'lease'] as const)(
  'R1 PostgreSQL plans once how to settle by %s',
  async (way) => {
    const cases = Array.from({ length: 200 }, (_, seed) => someCase(seed + 1)).filter(
      ({ bills }) => bills[0]?.way === way,
    );
    await store(cases);
    for (const one of cases) await settler.settle(endedOf(one, one.bills[0] as Bill));
    const planned = await rows<{ reused: boolean }>(
      `select generic_plans > custom_plans as reused from pg_prepared_statements
    where statement like '%insert into request_log%' and generic_plans + custom_plans > 10`,
    );
    expect(planned.length).toBeGreaterThan(0);
    expect(planned.every(({ reused }) => reused)).toBe(true);
  },
);

import { sql } from 'kysely';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openOrm, sqlOf } from '../../../server/db/orm.ts';
import { rowsOf } from '../../../server/db/rows.ts';
import { ENTITIES } from '../../../server/store.ts';
import { freshDatabase } from '../../support/services.ts';

const COLUMNS = {
  id: 'uuid',
  words: 'text',
  coins: 'bigint',
  count: 'int',
  seconds: 'float8',
  is_so: 'boolean',
} as const;

test('rows arrive in a statement as they were, in their order', async () => {
  const url = await freshDatabase();
  const log = pino({ level: 'silent' });
  const orm = await openOrm({
    url,
    entities: ENTITIES,
    poolSizeMax: 1,
    acquireTimeoutMs: 5_000,
    log,
  });
  onTestFinished(() => orm.close(true));
  const id = '01a20a97-a963-7000-8000-029d3c469eca';
  const none = { id: null, words: null, coins: null, count: null, seconds: null, is_so: null };
  const texts = ['', 'null', '{}', '"', '\\\\', ' a ', 'é\\n😀', "'", '\\\\u0000'];
  const given = texts.map((words, at) => ({
    id,
    words,
    coins: String(2n ** 62n + BigInt(at)),
    count: at,
    seconds: at / 3,
    is_so: at % 2 === 0,
  }));
  const table = rowsOf(COLUMNS);
  const { rows } = await sql`select * from ${table([...given, none])} r`.execute(sqlOf(orm));
  expect(rows).toEqual([...given.map((row) => ({ ...row, coins: BigInt(row.coins) })), none]);
  expect((await sql`select * from ${table([])} r`.execute(sqlOf(orm))).rows).toEqual([]);
});

import { expect, onTestFinished, test } from 'vitest';
import { PreparingClient } from '../../../server/db/preparing-client.ts';
import { freshDatabase } from '../../support/services.ts';

/** Only long statements are prepared. */
const LONG = `/* ${'-'.repeat(1_000)} */`;

async function opened(): Promise<PreparingClient> {
  const client = new PreparingClient({ connectionString: await freshDatabase() });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test('lists arrive in a prepared statement as they were, whatever texts are in them', async () => {
  const client = await opened();
  const texts = [
    '',
    'null',
    'NULL',
    null,
    'a,b',
    '{}',
    '"',
    '\\',
    '\\"',
    '\\\\',
    ' a ',
    'é\n😀',
    "'",
  ];
  const given = {
    texts,
    numbers: [1, -2.5, null, 1e21],
    coins: [2n ** 62n, null],
    are: [true, false],
  };
  const { rows } = await client.query(
    `select $1::text[] as texts, $2::float8[] as numbers, $3::bigint[] as coins, $4::boolean[] as are ${LONG}`,
    Object.values(given),
  );
  expect(rows).toEqual([{ ...given, coins: [String(2n ** 62n), null] }]);
});

test('lists of what is no plain value arrive as well, and so do empty ones', async () => {
  const client = await opened();
  const at = new Date('2026-11-22T12:00:00.000Z');
  const given = { bytes: [Buffer.from([0, 255, 92, 34])], times: [at], none: [] };
  const { rows } = await client.query(
    `select $1::bytea[] as bytes, $2::timestamptz[] as times, $3::text[] as none ${LONG}`,
    Object.values(given),
  );
  expect(rows).toEqual([given]);
});

import { expect, test, vi } from 'vitest';
import { configFor, testApp } from '../../support/app.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';

test('a pool of one connection is enough for all jobs at once, and for requests', async () => {
  const small = { pool_size: 1, max_overflow: 0 };
  const app = await testApp({
    config: (model) => ({ app: { ...(configFor(model).app as object), database: small } }),
  });
  const ended = () => app.rows('select name from job_run where outcome is not null');
  await vi.waitFor(async () => expect(await ended()).toHaveLength(5), { timeout: 10_000 });
  expect(app.log.filter(({ msg }) => /tried again/.test(String(msg)))).toEqual([]);
  expect((await post(app, HELLO, { key: await keyOf(app) })).status).toBe(200);
});

import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';
import { eventsOf, HELLO, post } from './client.ts';

const REVOKE = `mutation ($id: ID!) { revokeApiKey(id: $id) { id } }`;
/** More than all buffers between a model server and a reader who doesn't read. */
const PIECES = 400;
const PIECE = 'x'.repeat(64_000);

test('R40 a reader who is behind is told why the answer was cut off, and it is not taken for a reader who left', async () => {
  const app = await testApp();
  app.model.answer(waits());
  const ada = await app.person();
  const { key } = await ada.withKey();
  const [{ id } = { id: '' }] = await app.rows<{ id: string }>('select id from api_key');
  const reading = post(app, { ...HELLO, stream: true }, { key });
  const request = await app.model.received();
  for (let at = 0; at < PIECES; at += 1) request.says(PIECE);
  const response = await reading;
  let left = Number.POSITIVE_INFINITY;
  const isHeldBack = () => {
    const before = left;
    left = request.response.writableLength;
    return left > 0 && left === before;
  };
  await expect.poll(isHeldBack).toBe(true);

  await ada.asks(REVOKE, { id });
  const outcomes = () => app.rows('select outcome from request_log');
  await expect.poll(outcomes).toEqual([{ outcome: 'failed' }]);
  const last = (await eventsOf(response)).at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({ error: { code: 'access_revoked' } });
});

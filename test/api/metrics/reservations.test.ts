import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';
import { HELLO, post } from '../v1/client.ts';
import { PATIENCE, SCRAPED, scrape } from './scrape.ts';

test('a request that is held in memory only is an open reservation as well', async () => {
  const groups = { default: { max: 10_000, model_access: { default: 'allowed' } } };
  const app = await testApp({ config: { ...SCRAPED, groups } });
  const { key } = await (await app.person()).withKey();
  const asked = async () => (await post(app, { ...HELLO, max_tokens: 1 }, { key })).text();
  // More than eight in a second make an account busy; then there is no row for a request that does not last.
  const inMemory = async () => {
    await Promise.all(Array.from({ length: 16 }, asked));
    const arrival = app.model.received(app.model.requests.length + 1);
    app.model.answerNext(waits());
    const answer = asked();
    const request = await arrival;
    const [rows, series] = [await app.rows('select from reservation'), await scrape(app)];
    request.finishes();
    await answer;
    return { rows: rows.length, open: series.get('lumen_open_reservations') };
  };
  await expect.poll(inMemory, PATIENCE).toEqual({ rows: 0, open: 1 });
  expect((await scrape(app)).get('lumen_open_reservations')).toBe(0);
});

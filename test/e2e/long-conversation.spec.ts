import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { ask, chatPage } from '../support/chat-page.ts';

const ANSWER = [
  'An answer with **marks**, `code` and $x^2$, as models write them.',
  '- one\n- two\n- three',
  '```js\nconst a = 1;\nconst b = 2;\n```',
  'And a last paragraph of some length, because answers are seldom short, and people read them.',
].join('\n\n');

test('a conversation of two thousand messages opens with less than a second of work, and shows each when it is near', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await ask(page, 'Begin');
  await page.getByText('Hello, world!').waitFor();
  const [conversation] = await app.rows<{ id: string }>('select id from conversation');
  await app.rows(
    `insert into message (id, conversation_id, parent_id, role, status, model, content, reasoning, created_at)
     select (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, $1,
       case when n > 1 then (lpad(to_hex(n - 1), 8, '0') || '-0000-7000-8000-000000000000')::uuid end,
       case when n % 2 = 1 then 'user' else 'assistant' end, 'finished',
       case when n % 2 = 0 then 'fake' end, case when n % 2 = 1 then 'Question ' || n else $2 end, '',
       now() - interval '1 day' + n * interval '1 second'
     from generate_series(1, 2000) n`,
    conversation?.id,
    ANSWER,
  );
  await app.rows(`update message set parent_id = '000007d0-0000-7000-8000-000000000000'
    where parent_id is null and content = 'Begin'`);
  await page.goto(app.url);
  const link = page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').first();
  await link.waitFor();
  const workMs = await clockOf(page);
  const before = await workMs();
  await link.click();
  await page.getByText('Question 1999').waitFor();
  expect((await workMs()) - before).toBeLessThan(1_000);
  expect(await page.locator('main article').count()).toBeLessThan(60);
  expect(await page.getByText('Question 1', { exact: true }).count()).toBe(1);

  await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
  await page.locator('main section').first().locator('article strong').waitFor();
});

/** Tells what the page has computed so far, by the processor's own clock, which no other program's work moves. */
async function clockOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  };
}

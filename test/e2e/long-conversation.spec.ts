import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { ask, chatPage } from '../support/chat-page.ts';
import { waits } from '../support/fake-model.ts';
import type { FakeRequest } from '../support/fake-request.ts';
import { lengthen } from '../support/long-conversation.ts';
import { PageMeter } from '../support/page-meter.ts';

test('a conversation of two thousand messages opens with less than a second of work, and shows each when it is near', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await ask(page, 'Begin');
  await page.getByText('Hello, world!').waitFor();
  const [conversation] = await app.rows<{ id: string }>('select id from conversation');
  await lengthen(app.rows, conversation?.id ?? '', 2_000);
  await page.goto(app.url);
  const link = page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').first();
  await link.waitFor();
  const meter = await PageMeter.open(page);
  const before = await meter.workMs();
  await link.click();
  await page.getByText('Question 1999').waitFor();
  expect((await meter.workMs()) - before).toBeLessThan(1_000);
  expect(await page.locator('main article').count()).toBeLessThan(60);
  expect(await page.getByRole('log').textContent()).toMatch(/Question 1\n/);

  await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
  await page.locator('main section').first().locator('article strong').waitFor();
});

test('a conversation that is loaded anew is asked for once, while it is not yet known again who asks', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await ask(page, 'Begin');
  await page.getByText('Hello, world!').waitFor();
  const asked: string[] = [];
  const { promise: early, resolve } = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    const { operationName } = route.request().postDataJSON() as { operationName: string };
    asked.push(operationName);
    if (operationName === 'Conversation') resolve();
    if (operationName === 'Viewer') await early;
    await route.continue();
  });
  await page.reload();
  await page.getByText('Hello, world!').waitFor();
  await page.getByRole('list', { name: 'About this answer' }).waitFor();
  expect(asked.filter((name) => name === 'Conversation')).toHaveLength(1);
});

const CHUNKS = 20;
/** Twenty thousand words. */
const MIDDLE = Array.from({ length: 200 }, () => 'Many words follow each other. '.repeat(20));

test('a chunk costs the page the same after twenty thousand words as at first, and all of them come over the wire once', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  const meter = await PageMeter.open(page);
  await page.goto(app.url);
  app.model.answer(waits());
  await ask(page, 'Tell me a lot');
  const request = await app.model.received();
  await countDrawn(page);

  const atFirst = await drawnBy(page, request, 'first');
  for (const part of MIDDLE) request.says(`\n\n${part}`);
  request.says('\n\nSo much for that.\n\n');
  await whenRead(page, 'So much for that.');
  const atLast = await drawnBy(page, request, 'last');
  expect(atFirst).toBeGreaterThan(0);
  expect(atLast).toBeLessThan(atFirst * 1.5);

  request.finishes();
  await page.getByRole('list', { name: 'About this answer' }).waitFor();
  const [stored] = await app.rows<{ content: string }>(
    `select content from message where role = 'assistant'`,
  );
  const content = stored?.content ?? '';
  expect(content.split(/\s+/).length).toBeGreaterThan(20_000);
  expect(meter.heard.bytes).toBeGreaterThan(content.length);
  expect(meter.heard.bytes).toBeLessThan(1.3 * Buffer.byteLength(content) + 20_000);

  const heard = await answerIn(page);
  await page.reload();
  await whenRead(page, `last ${CHUNKS}.`);
  expect(await answerIn(page)).toBe(heard);
});

const answerIn = (page: Page) => page.locator('article .markdown').last().textContent();

/** Resolves when the last block of the answer holds these words. */
const whenRead = (page: Page, words: string) =>
  page.locator('article .markdown > :last-child', { hasText: words }).waitFor();

/** From now on the page counts the characters of what is put into the conversation, anew or again. */
const countDrawn = (page: Page) =>
  page.evaluate(`
    globalThis.drawn = 0;
    new MutationObserver((records) => {
      for (const { target, addedNodes, type } of records)
        for (const node of type === 'characterData' ? [target] : addedNodes)
          drawn += node.textContent.length;
    }).observe(document.querySelector('[role="log"]'), {
      childList: true, characterData: true, subtree: true,
    });`);

/** How many characters are drawn for a paragraph that comes in chunks, each of which is seen before the next. */
async function drawnBy(page: Page, request: FakeRequest, name: string): Promise<number> {
  const before = await page.evaluate<number>('drawn');
  for (let chunk = 1; chunk <= CHUNKS; chunk += 1) {
    request.says(`Some words with **marks** and \`code\`: ${name} ${chunk}. `);
    await whenRead(page, `${name} ${chunk}.`);
  }
  return (await page.evaluate<number>('drawn')) - before;
}

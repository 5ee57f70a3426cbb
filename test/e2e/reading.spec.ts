import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage } from '../support/chat-page.ts';
import { answers, waits } from '../support/fake-model.ts';

const ANSWER = `A claim[^1] that costs $100, and $x^2$.

- [x] done
- [ ] open

| a | b |
|---|---|
| 1 | 2 |

[^1]: Said by *Ada*.
`;

test('an answer with notes, tasks, a table and thoughts is drawn, explained and copied as text', async () => {
  const app = await testApp();
  const { browser, page } = await chatPage(app);
  await browser.grantPermissions(['clipboard-read', 'clipboard-write']);
  const details = { completion_tokens_details: { reasoning_tokens: 10 } };
  const usage = { prompt_tokens: 100, completion_tokens: 50, ...details };
  app.model.answerNext(answers({ reasoning: ['Let me see.'], texts: [ANSWER], usage }));
  await ask(page, 'Claim something');
  const answer = page.getByRole('article');
  await answer.getByText('that costs $100').waitFor();
  await answer.locator('.katex math').waitFor({ state: 'attached' });
  await answer.getByRole('img', { name: 'done' }).waitFor();
  await answer.getByText(/^Thought for \d+ s$/).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await answer.getByRole('button', { name: 'Footnote 1' }).press('Enter');
  await answer.locator('li:focus').getByText('Said by').waitFor();
  await answer.getByRole('button', { name: 'Back to the text' }).press('Enter');
  await answer.locator('button[data-note]:focus').waitFor();

  await answer.getByRole('button', { name: 'Details of this answer' }).click();
  const panel = page.getByRole('dialog', { name: 'Details of this answer' });
  expect((await panel.textContent())?.replace(/\s+/g, ' ')).toMatch(
    /Model ?fake ?Tokens in ?100 ?Tokens out ?50 ?of these thinking ?10 ?Cost ?0.2 coins ?First token after.+Duration.+Speed.+/,
  );
  await page.keyboard.press('Escape');
  await answer.getByRole('button', { name: 'More about this answer' }).click();
  await page.getByRole('menuitem', { name: 'Copy as plain text' }).click();
  await expect
    .poll(() => page.evaluate('navigator.clipboard.readText()'))
    .toContain('A claim[1] that costs $100, and x^2.');
});

test('whoever scrolls away from a growing answer stays there, and comes back by one click', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  app.model.answerNext(waits());
  await ask(page, 'Write a lot');
  await app.model.says('Line of text.\n\n'.repeat(60));
  const log = page.getByRole('log');
  const below = () =>
    log.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
  await expect.poll(() => log.evaluate((element) => element.scrollTop)).toBeGreaterThan(300);
  await expect.poll(below).toBeLessThan(30);
  await log.hover();
  await page.mouse.wheel(0, -200);
  await expect.poll(below).toBeGreaterThan(100);
  const top = await log.evaluate((element) => element.scrollTop);
  await app.model.says('More of it.\n\n'.repeat(40));
  await page.getByText('More of it.').nth(39).waitFor({ state: 'attached' });
  expect(await log.evaluate((element) => element.scrollTop)).toBe(top);
  await page.getByRole('button', { name: 'Jump to the latest' }).click();
  await expect.poll(below).toBeLessThan(30);
  await app.model.finishes();
});

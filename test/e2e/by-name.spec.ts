import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';
import { ask, composer } from '../support/chat-page.ts';
import { says } from '../support/fake-model.ts';

interface Sent {
  readonly query?: string;
  readonly extensions?: { readonly persistedQuery?: unknown };
}

test('where only the page’s own operations are taken, the page works, and sends names instead of texts', async () => {
  const app = await testApp({ config: { graphql: { persisted_only: true } } });
  app.model.answer(says('A coin is a unit.'));
  const page = await (await openBrowser()).newPage();
  const sent: Sent[] = [];
  const refused: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) sent.push(request.postDataJSON() as Sent);
  });
  page.on('response', async (response) => {
    if (!response.url().endsWith('/graphql')) return;
    const text = await response.text().catch(() => '');
    if (/persisted/.test(text)) refused.push(text);
  });
  await page.goto(`${app.url}/devlogin?email=ada@example.org`);
  await composer(page).waitFor();
  await ask(page, 'What is a coin?');
  await page.getByText('A coin is a unit.').waitFor();
  await page.getByRole('list', { name: 'About this answer' }).waitFor();
  for (const [path, heading] of [
    ['/models', 'Models'],
    ['/usage', 'Usage'],
    ['/settings', 'Settings'],
    ['/projects', 'Projects'],
  ] as const) {
    await page.goto(app.url + path);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }
  const named = sent.filter(({ extensions }) => extensions?.persistedQuery);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter(({ query }) => query)).toEqual([]);
  expect(refused).toEqual([]);
});

test('a page of another version sends texts to a server that does not know its names', async () => {
  const app = await testApp();
  app.model.answer(says('A coin is a unit.'));
  const page = await (await openBrowser()).newPage();
  // As a server answers that was built with other operations.
  let misses = 0;
  await page.route('**/graphql', async (route) => {
    const { query, extensions } = route.request().postDataJSON() as Sent;
    if (query || !extensions?.persistedQuery) return route.continue();
    misses += 1;
    const unknown = { code: 'NOT_FOUND', reason: 'persisted_query_not_found' };
    const errors = [{ message: 'unknown', extensions: unknown }];
    return route.fulfill({ status: 404, json: { errors } });
  });
  await page.goto(`${app.url}/devlogin?email=ada@example.org`);
  await composer(page).waitFor();
  await ask(page, 'What is a coin?');
  await page.getByText('A coin is a unit.').waitFor();
  const before = misses;
  expect(before).toBeGreaterThan(0);
  await page.getByRole('link', { name: 'New chat' }).click();
  await ask(page, 'And another?');
  await page.getByText('A coin is a unit.').waitFor();
  expect(misses).toBe(before);

  // Loaded anew, a conversation is asked for by its name before the page knows better.
  await page.reload();
  await page.getByText('A coin is a unit.').waitFor();
});

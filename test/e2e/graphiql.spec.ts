import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';

async function opened(
  app: TestApp,
  email: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await (await openBrowser(options)).newPage();
  await page.goto(`${app.url}/devlogin?email=${email}&next=/graphiql`);
  return page;
}

async function shows(page: Page, tab: string): Promise<void> {
  await page.getByRole('tab', { name: tab }).getByRole('button', { name: tab }).click();
  await page.getByRole('tabpanel', { name: tab }).waitFor();
}

const INSIDE = `document.documentElement.scrollWidth <= innerWidth
  && document.documentElement.scrollHeight <= innerHeight`;

/** Of GraphiQL 5 itself, which offers no way to change them: tabs that hold buttons, and Monaco's colour for comments in the dark. */
const OF_GRAPHIQL = [
  /^nested-interactive: <li .*role="tab"/,
  /^color-contrast: <span class="mtk\d+">/,
];
const ours = (found: string) => !OF_GRAPHIQL.some((theirs) => theirs.test(found));

const runs = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /Execute query/ }).click();
const answer = (page: Page) => page.getByRole('region', { name: 'Result Window' });

test('an administrator asks, changes and follows in GraphiQL', async () => {
  const app = await testApp();
  const page = await opened(app, 'dev@example.com');
  const remote: string[] = [];
  page.on('request', (request) => {
    if (!/^(https?:\/\/localhost|data:|blob:)/.test(request.url())) remote.push(request.url());
  });
  // The model's server is healthy once it was looked at.
  const state = async () => {
    await runs(page);
    return answer(page).textContent();
  };
  await expect.poll(state, { timeout: 15_000, interval: 500 }).toContain('"HEALTHY"');

  await shows(page, 'Follow');
  await runs(page);
  const admin = await app.person('dev@example.com');
  const grant = `mutation {
    grantCoins(account: { email: "dev@example.com" }, amount: "2", reason: "Try") { left }
  }`;
  // The subscription may begin a moment after it was asked for.
  const events = async () => {
    await admin.asks(grant);
    return answer(page).textContent();
  };
  await expect.poll(events, { timeout: 15_000, interval: 500 }).toContain('PoolChanged');
  await page.getByRole('button', { name: /Stop query/ }).click();

  await app.person('somebody@example.edu');
  await shows(page, 'Grant');
  await runs(page);
  await answer(page).getByText('"left"').waitFor();
  const { auditEntries } = await admin.asks<{ auditEntries: { nodes: { reason: string }[] } }>(
    '{ auditEntries(first: 1, filter: { action: "pool.granted" }) { nodes { reason } } }',
  );
  expect(auditEntries.nodes).toEqual([{ reason: 'For the workshop' }]);
  expect(remote).toEqual([]);
});

test('GraphiQL shows what the schema says, easy to read, in the dark as well', async () => {
  const app = await testApp();
  const page = await opened(app, 'dev@example.com', { colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByRole('link', { name: 'Query', exact: true }).click();
  await page.getByText('Your conversations, the one that changed last first.').waitFor();
  expect((await axeFindings(page)).filter(ours)).toEqual([]);
  const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
  expect(ground).not.toBe('rgb(255, 255, 255)');
});

test.each([
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const)(
  'GraphiQL is reached from the administration, fits and is easy to use: $colorScheme, $viewport.width wide',
  async (look) => {
    const app = await testApp();
    const page = await (await openBrowser(look)).newPage();
    await page.goto(`${app.url}/devlogin?next=/admin`);
    await page.getByRole('link', { name: 'GraphiQL' }).click();
    await shows(page, 'Endpoints');
    await page.getByText('query Endpoints').waitFor();
    await runs(page);
    await answer(page).getByText('"endpoints"').waitFor();
    expect((await axeFindings(page)).filter(ours)).toEqual([]);
    expect(await page.evaluate(INSIDE)).toBe(true);
    const [question, result] = await Promise.all([
      page.getByRole('region', { name: 'Operation Editor' }).boundingBox(),
      answer(page).boundingBox(),
    ]);
    for (const pane of [question, result]) {
      expect(pane?.width).toBeGreaterThan(200);
      expect(pane?.height).toBeGreaterThan(150);
    }
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByText('Root Types').waitFor();
    await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Lumen' }).click();
    await page.getByRole('heading', { level: 1, name: 'Administration: People' }).waitFor();
  },
);

test('for anybody else there is no such page, and it can’t be framed', async () => {
  const app = await testApp();
  const ada = await opened(app, 'ada@example.org');
  await ada
    .getByText(/not found|no such page|nothing here/i)
    .first()
    .waitFor();
  const visitor = await fetch(`${app.url}/graphiql`);
  expect(await visitor.text()).not.toContain('id="graphiql"');

  const admin = await app.person('dev@example.com');
  const page = await fetch(`${app.url}/graphiql`, { headers: admin.headers });
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/https?:|unsafe-eval/);
  expect(page.headers.get('cache-control')).toBe('no-store');
});

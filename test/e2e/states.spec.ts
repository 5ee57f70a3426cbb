// What a page says while it waits, when there is nothing, when it fails, and to whom it is not open.
import type { BrowserContext, BrowserContextOptions, Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';
import { ask, chatPage, composer } from '../support/chat-page.ts';

const GRAPHQL = '**/graphql';
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const;
const FITS = 'document.documentElement.scrollWidth <= innerWidth';
const HAS_FOCUS = 'document.activeElement !== document.body';

/** The server's side of the wire: whether it answers, and what it says of the operations that are named. */
interface Wire {
  isDown: boolean;
  /** Names of operations that are refused, as a fault of the server. */
  readonly refused: Set<string>;
}

async function wireOf(browser: BrowserContext): Promise<Wire> {
  const wire: Wire = { isDown: false, refused: new Set() };
  await browser.route(GRAPHQL, (route: Route) => {
    const { operationName } = route.request().postDataJSON() ?? {};
    const extensions = { code: 'INTERNAL' };
    const errors = [{ message: 'Something went wrong (01test).', extensions }];
    if (wire.refused.has(operationName)) return route.fulfill({ json: { data: null, errors } });
    const isAsked = operationName !== 'Viewer' && operationName !== 'Site';
    return wire.isDown && isAsked ? route.abort() : route.continue();
  });
  return wire;
}

async function signedIn(app: TestApp, email: string, look?: BrowserContextOptions) {
  const browser = await openBrowser(look);
  const page = await browser.newPage();
  await page.goto(`${app.url}/devlogin?email=${email}`);
  await composer(page).waitFor();
  return { browser, page };
}

const notice = (page: Page) => page.locator('main').getByRole('alert');

test('a page that waits for the server says so, and then stands as if it had not', async () => {
  const app = await testApp();
  const { browser, page } = await signedIn(app, 'ada@example.edu');
  const held: (() => void)[] = [];
  let isHolding = true;
  await browser.route(GRAPHQL, async (route) => {
    if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
    await route.continue();
  });
  await page.goto(`${app.url}/usage`, { waitUntil: 'commit' });
  const waiting = page.getByRole('status').filter({ hasText: /^Loading…$/ });
  await waiting.waitFor();
  isHolding = false;
  for (const letGo of held) letGo();
  await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor();
  await waiting.waitFor({ state: 'detached' });
});

const MISSING = [
  ['/c/none', 'No such conversation', 'New chat'],
  ['/print/none', 'No such conversation', '← Chat'],
  ['/projects', 'No projects of yours', 'What a project is'],
  ['/projects/none', 'No such project', 'See the projects that you manage'],
  ['/models/none', 'No such model', 'See all models that are'],
  ['/models?search=none', 'Nothing found', 'Show all models'],
  ['/usage', 'Nothing in this time', 'New chat'],
  ['/help/none', 'No such page', 'Begin with the first steps'],
  ['/admin/people/dev@example.com', 'For administrators only', 'Go to the start'],
  ['/nowhere', 'There is nothing here', 'Go to the start'],
] as const;

test.each(LOOKS)(
  'what is empty, missing or of others says so and leads on: $colorScheme, $viewport.width wide',
  { timeout: 120_000 },
  async (look) => {
    const app = await testApp();
    const { page } = await signedIn(app, 'ada@example.edu', look);
    const findings: string[] = [];
    for (const [place, title, way] of MISSING) {
      await page.goto(app.url + place);
      await page.getByText(title, { exact: true }).last().waitFor();
      await page.getByRole('link', { name: way }).last().waitFor();
      findings.push(...(await axeFindings(page)).map((found) => `${place}: ${found}`));
      if ((await page.getByRole('alert').count()) > 0) findings.push(`${place}: alarms`);
      if (!(await page.evaluate(FITS))) findings.push(`${place}: does not fit`);
    }
    expect(findings).toEqual([]);
  },
);

const FAILING = {
  own: {
    '/settings': 'Coins left',
    '/models': 'Coins per million in',
    '/models/fake': 'Use this model',
    '/connect': '"model": "fake"',
    '/usage': 'Tokens written',
    '/projects': 'No projects yet',
    '/deleted': 'Nothing here',
  },
  admin: {
    '/admin': 'Joined',
    '/admin/people/dev@example.com': 'The last 30 days',
    '/admin/groups': 'in config.yaml',
    '/admin/endpoints': 'What endpoints say of models',
    '/admin/configuration': 'In force',
    '/admin/audit': 'Nothing yet',
    '/admin/status': 'This replica',
  },
} as const;
const FAILURES = LOOKS.flatMap((look) =>
  (['own', 'admin'] as const).map((part) => ({ ...look, part })),
);

test.each(FAILURES)(
  'where the server fails, pages say what to do, and Retry helps: $part, $colorScheme',
  { timeout: 120_000 },
  async ({ part, ...look }) => {
    const app = await testApp();
    const { browser, page } = await signedIn(app, 'dev@example.com', look);
    const wire = await wireOf(browser);
    const findings: string[] = [];
    for (const [place, words] of Object.entries(FAILING[part])) {
      wire.isDown = true;
      await page.goto(app.url + place);
      await notice(page)
        .getByText(/^Lumen can’t be reached. Check your connection/)
        .waitFor();
      if (look.viewport.width < 400)
        findings.push(...(await axeFindings(page)).map((found) => `${place}: ${found}`));
      wire.isDown = false;
      await notice(page).getByRole('button', { name: 'Retry' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('main').getByText(words).first().waitFor();
      await notice(page).waitFor({ state: 'detached' });
      await expect.poll(() => page.evaluate(HAS_FOCUS), { message: place }).toBe(true);
    }
    expect(findings).toEqual([]);
  },
);

test('what was typed stays when it can’t be kept, and dialogs give the focus back', async () => {
  const app = await testApp();
  const { browser, page } = await chatPage(app);
  const wire = await wireOf(browser);
  wire.refused.add('CreateApiKey').add('RenameConversation').add('DeleteConversation');
  await ask(page, 'Say hello');
  await page.getByText('Hello, world!').waitFor();
  const side = page.getByRole('complementary');
  await side.getByRole('button', { name: /^More about/ }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const title = side.getByRole('textbox', { name: 'Title' });
  await title.fill('Greetings');
  await title.press('Enter');
  const problem = page.getByRole('alert').filter({ hasText: 'Something went wrong (01test).' });
  await problem.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await title.inputValue()).toBe('Greetings');
  wire.refused.delete('RenameConversation');
  await title.press('Enter');
  await side.getByRole('link', { name: 'Greetings' }).waitFor();
  await problem.waitFor({ state: 'detached' });

  await page.goto(`${app.url}/settings`);
  const opener = page.getByRole('button', { name: 'Create key' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('night job');
  await page.keyboard.press('Enter');
  await dialog.getByRole('alert').getByText('Something went wrong (01test).').waitFor();
  expect(await dialog.getByLabel('Name').inputValue()).toBe('night job');
  await dialog.getByRole('button', { name: 'Cancel' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('button:focus').filter({ hasText: 'Create key' }).waitFor();
});

test('whoever is signed in stays on the page while the server can’t say who they are', async () => {
  const app = await testApp();
  const { browser, page } = await chatPage(app);
  const named = (name: string) =>
    app.saves({ app: { debug: true, dev_user: 'dev@example.com', name } });
  await composer(page).evaluate((field) => field.setAttribute('data-same', ''));
  let asked = 0;
  await browser.route(GRAPHQL, (route) => {
    if (route.request().postDataJSON()?.operationName === 'Viewer') asked += 1;
    return route.fulfill({ status: 502, body: 'Bad gateway' });
  });
  await named('First');
  await expect.poll(() => asked).toBeGreaterThan(0);
  await browser.unroute(GRAPHQL);
  await named('Second');
  await expect.poll(() => page.title()).toBe('New chat · Second');
  expect(await page.locator('textarea[data-same]').count()).toBe(1);
});

test('whoever can’t reach the server is told so in words, also when these come after the refusal', async () => {
  const app = await testApp();
  const { browser, page } = await chatPage(app);
  const refused = page.waitForEvent('requestfailed', (request) =>
    request.url().endsWith('/graphql'),
  );
  await browser.route(GRAPHQL, (route) => route.abort());
  await browser.route('**/_app/immutable/chunks/*.js', async (route) => {
    const response = await route.fetch();
    if ((await response.text()).includes('Lumen can’t be reached')) await refused;
    await route.fulfill({ response });
  });
  await page.reload();
  await page.getByText('Lumen can’t be reached. Check your connection and try again.').waitFor();
  await browser.unrouteAll({ behavior: 'wait' });
});

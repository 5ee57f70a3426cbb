import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';

test('visitors read the help and the settings for programs, and find what they look for', async () => {
  const app = await testApp();
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/help`);
  await page.getByLabel('Find in the help').fill('revoke wrong hands');
  await page.getByRole('link', { name: 'API keys: When a key gets into wrong hands' }).click();
  await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Connect' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Connect' }).waitFor();
  await page.getByText(`${app.url}/v1`, { exact: true }).waitFor();
  await page.getByText('"model": "MODEL"').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: /dev@example.com/ }).waitFor();
});

test('visitors can skip to the content with the first key', async () => {
  const app = await testApp();
  const page = await (await openBrowser()).newPage();
  for (const place of ['/', '/help', '/connect']) {
    await page.goto(app.url + place);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('body').press('Tab');
    await page.locator('a:focus', { hasText: 'Skip to the content' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('main:focus').waitFor();
  }
});

test('the settings of a program name the model that was chosen, and are saved as its file', async () => {
  const app = await testApp();
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin`);
  await page.goto(`${app.url}/connect?model=fake`);
  await page.getByText('"model": "fake"').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).first().click(),
  ]);
  expect(file.suggestedFilename()).toBe('opencode.json');
});

test('the keyboard leads from the navigation into a page and its table', async () => {
  const app = await testApp();
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin`);
  const models = page.getByRole('link', { name: 'Models' });
  await models.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
  await page.getByRole('link', { name: 'Coins per million in' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('th[aria-sort="descending"]').getByText('Coins per million in').waitFor();
  await page.locator('th[aria-sort="descending"] a:focus').waitFor();
});

test('who is not signed in is asked to, and is then where they wanted to be', async () => {
  const app = await testApp();
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/admin/status`);
  const way = page.getByRole('link', { name: /dev@example.com/ });
  await way.waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.getByRole('navigation').count()).toBe(0);
  await way.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Administration: Status' }).waitFor();
  await page.getByRole('table', { name: /^Jobs/ }).waitFor();
});

test('members find their own pages only, and are told what other addresses are', async () => {
  const app = await testApp();
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin?email=ada@example.edu`);
  const ways = page.getByRole('navigation', { name: 'Pages of Lumen' }).getByRole('link');
  await ways.first().waitFor();
  expect((await ways.allTextContents()).map((text) => text.trim())).toEqual([
    'Models',
    'Usage',
    'Connect',
    'Help',
  ]);
  const others = 'These pages are for the administrators of this Lumen.';
  for (const [place, words] of [
    ['/admin', others],
    ['/admin/people/dev@example.com', others],
    ['/admin/groups/default', others],
    ['/admin/configuration/edit', others],
    ['/projects', 'You manage no project.'],
    ['/projects/none', 'There is no project at this address, or you don’t manage it.'],
    ['/models/none', 'There is no model of this name'],
    ['/nowhere', 'There is nothing here'],
  ] as const) {
    await page.goto(app.url + place);
    await page.getByText(words).first().waitFor();
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.title()).not.toMatch(/^(\d+|Lumen)?$/);
    expect(await page.getByRole('alert').count()).toBe(0);
  }
});

const FITS = `document.documentElement.scrollWidth <= innerWidth
  && document.documentElement.scrollHeight <= innerHeight`;
const PLACES = {
  portal: ['/models', '/models/fake', '/connect', '/help/models', '/help?search=key', '/nowhere'],
  own: ['/projects', '/usage', '/settings', '/deleted'],
  people: ['/admin', '/admin/people/dev@example.com', '/admin/people/nobody@example.com'],
  groups: ['/admin/groups', '/admin/groups/new', '/admin/groups/default', '/admin/groups/none'],
  running: ['/usage?everyone=yes', '/admin/endpoints', '/admin/status', '/admin/audit'],
  rules: ['/admin/access', '/admin/configuration'],
} as const;
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const;
const VIEWS = LOOKS.flatMap((look) =>
  (Object.keys(PLACES) as (keyof typeof PLACES)[]).map((part) => ({ ...look, part })),
);

test.each(VIEWS)(
  'axe finds nothing on these pages: $part, $colorScheme, $viewport.width wide',
  { timeout: 120_000 },
  async ({ part, ...look }) => {
    const app = await testApp();
    const page = await (await openBrowser(look)).newPage();
    const findings: string[] = [];
    await page.goto(`${app.url}/devlogin`);
    for (const place of PLACES[part]) {
      await page.goto(app.url + place);
      await page.getByRole('heading', { level: 1 }).waitFor();
      findings.push(...(await axeFindings(page)).map((found) => `${place}: ${found}`));
      if (!(await page.evaluate(FITS))) findings.push(`${place}: does not fit`);
    }
    expect(findings).toEqual([]);
  },
);

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

const FITS = `document.documentElement.scrollWidth <= innerWidth
  && document.documentElement.scrollHeight <= innerHeight`;
const PLACES = [
  '/models',
  '/models/fake',
  '/connect',
  '/help/models',
  '/help?search=key',
  '/projects',
  '/usage',
  '/usage?everyone=yes',
  '/admin',
  '/admin/groups',
  '/admin/groups/new',
  '/admin/groups/default',
  '/admin/access',
  '/admin/endpoints',
  '/admin/configuration',
  '/admin/audit',
];

test.each([
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const)(
  'axe finds nothing on any page of the portal: $colorScheme, $viewport.width wide',
  { timeout: 180_000 },
  async (look) => {
    const app = await testApp();
    const page = await (await openBrowser(look)).newPage();
    const findings: string[] = [];
    await page.goto(`${app.url}/devlogin`);
    for (const place of PLACES) {
      await page.goto(app.url + place);
      await page.getByRole('heading', { level: 1 }).waitFor();
      findings.push(...(await axeFindings(page)).map((found) => `${place}: ${found}`));
      if (!(await page.evaluate(FITS))) findings.push(`${place}: does not fit`);
    }
    expect(findings).toEqual([]);
  },
);

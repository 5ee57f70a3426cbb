import OpenAI from 'openai';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Person } from '../support/actors.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';

test('a key made on the page opens /v1, bills the same pool, and ends when it is revoked', async () => {
  const app = await testApp();
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(`${app.url}/devlogin`);
  await page.goto(`${app.url}/settings`);
  await page.getByRole('button', { name: /create key/i }).click();
  await page.getByRole('dialog').getByRole('textbox').first().fill('laptop');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /create/i })
    .click();
  const apiKey = (await page.getByRole('dialog').getByText(/^sk_/).textContent()) ?? '';

  const client = new OpenAI({ apiKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
  const answer = await client.chat.completions.create({
    model: 'fake',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  expect(answer.choices[0]?.message.content).toBe('Hello, world!');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  const row = page.getByRole('listitem').filter({ hasText: 'laptop' });
  await row.getByText('1 request').waitFor();

  await row.getByRole('button', { name: /revoke/i }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /revoke/i })
    .click();
  await expect
    .poll(() =>
      client.models.list().then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed');
});

test('a key is made with an end, a cap and fewer scopes, and the list says all of it', async () => {
  const app = await testApp();
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin`);
  await page.goto(`${app.url}/settings`);
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).and(page.locator(':focus')).fill('night job');
  await dialog.getByLabel('Expires').selectOption({ label: 'In 30 days' });
  await dialog.getByLabel('Coins it may cost in all').fill('2,5');
  await dialog.getByLabel('read and change everything of yours').uncheck();
  await dialog.getByLabel('read everything of yours').uncheck();
  await dialog.getByLabel('read what you have used').uncheck();
  await dialog.getByRole('button', { name: 'Create' }).click();
  const apiKey = (await dialog.getByText(/^sk_/).textContent()) ?? '';
  await page.mouse.click(5, 5);
  await dialog.getByRole('button', { name: 'Done' }).click();

  const row = page.getByRole('listitem').filter({ hasText: 'night job' });
  await row.getByText('May ask models and list models').waitFor();
  await row.getByText(/^Expires in (29|30) days$/).waitFor();
  await row.getByText('0 of 2.5 coins used').waitFor();
  await row.getByText('Never used').waitFor();
  const client = new OpenAI({ apiKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
  await client.chat.completions.create({
    model: 'fake',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await row.getByText(/^Last used just now from this server itself$/).waitFor();
  await row.getByText(/^0\.\d+ of 2\.5 coins used$/).waitFor();
});

test('many keys can be found and sorted, and those that ended are shown on demand', async () => {
  const app = await testApp();
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(`${app.url}/devlogin`);
  const [cookie] = await browser.cookies();
  const person = new Person(app.url, '', { cookie: `${cookie?.name}=${cookie?.value}` });
  for (const name of ['b', 'a', 'd', 'c', 'key 10', 'key 9']) await person.withKey(name);
  await page.goto(`${app.url}/settings`);
  const names = page.getByRole('button', { name: /^Revoke / });
  const shown = async () => (await names.all()).map((button) => button.getAttribute('aria-label'));
  await page.getByLabel('Sort by').selectOption('Name');
  await page.getByLabel('Find a key').fill('KEY');
  await expect
    .poll(async () => Promise.all(await shown()))
    .toEqual(['Revoke key 9', 'Revoke key 10']);

  await names.first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('button', { name: 'Revoke key 9' }).waitFor({ state: 'detached' });
  await page.locator('main:focus').waitFor();
  await page.getByRole('button', { name: 'Show revoked and expired (1)' }).click();
  await page.getByText(/^Revoked just now$/).waitFor();
});

test('signing out another session sends that browser to the sign-in at once, and spares this one', async () => {
  const app = await testApp();
  const [here, there, elsewhere] = await Promise.all([1, 2, 3].map(() => signedInBrowser(app)));
  if (!here || !there || !elsewhere) throw new Error('three browsers were opened');
  await here.goto(`${app.url}/settings`);
  await here.getByText('This browser').waitFor();
  const signOut = here.getByRole('button', { name: /^Sign out .* signed in on/ });
  await signOut.nth(1).waitFor();
  await signOut.first().click();
  await signOut.nth(1).waitFor({ state: 'detached' });
  const fallsBack = (page: Page) => page.getByRole('link', { name: /dev@example.com/ }).waitFor();
  await Promise.race([fallsBack(there), fallsBack(elsewhere)]);

  await here.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await here.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await Promise.all([fallsBack(there), fallsBack(elsewhere)]);
  await signOut.waitFor({ state: 'detached' });
  await here.getByText('This browser').waitFor();
});

async function signedInBrowser(app: TestApp): Promise<Page> {
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin`);
  await page.getByText(/coins left/).waitFor();
  return page;
}

/** Runs in the page: nothing is wider than the window, and only parts of the page scroll, never the whole. */
const FITS = `document.documentElement.scrollWidth <= innerWidth
  && document.documentElement.scrollHeight <= innerHeight`;
const PLACES = ['/', '/settings'];
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const;

test.each(LOOKS)(
  'axe finds nothing on any page: $colorScheme, $viewport.width wide',
  { timeout: 120_000 },
  async (look) => {
    const app = await testApp();
    const browser = await openBrowser(look);
    const page = await browser.newPage();
    const findings: string[] = [];
    const inspects = async (name: string) =>
      findings.push(...(await axeFindings(page)).map((found) => `${name}: ${found}`));
    await page.goto(app.url);
    await page.getByRole('link', { name: /dev@example.com/ }).waitFor();
    await inspects('sign-in');
    await page.goto(`${app.url}/devlogin`);
    await page.getByRole('main').getByRole('textbox').first().fill('Hello');
    await page.keyboard.press('Enter');
    await page.getByText('Hello, world!').waitFor();
    await inspects('conversation');
    for (const place of PLACES) {
      await page.goto(app.url + place);
      await page.getByRole('main').waitFor();
      await inspects(place);
      expect(await page.evaluate(FITS)).toBe(true);
    }
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('laptop');
    await inspects('new key');
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await page.getByRole('dialog').getByText(/^sk_/).waitFor();
    await inspects('secret of a key');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Revoke laptop' }).waitFor();
    await inspects('keys');
    expect(findings).toEqual([]);
  },
);

import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
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

/** Runs in the page: nothing is wider than the window. */
const FITS = 'document.documentElement.scrollWidth <= window.innerWidth';
const PLACES = ['/', '/settings'];
const LOOKS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const;

test.each(LOOKS)(
  'axe finds nothing on any page: $colorScheme, $viewport.width wide',
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
    expect(findings).toEqual([]);
  },
);

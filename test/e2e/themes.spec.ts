import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';
import { savesTheme } from '../support/themes.ts';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 320, height: 640 };
const LOOKS = {
  light: { colorScheme: 'light', viewport: WIDE },
  dark: { colorScheme: 'dark', viewport: WIDE },
  'narrow light': { colorScheme: 'light', viewport: NARROW },
  'narrow dark': { colorScheme: 'dark', viewport: NARROW },
  'more contrast': { colorScheme: 'light', contrast: 'more', viewport: WIDE },
  'more contrast in the dark': { colorScheme: 'dark', contrast: 'more', viewport: WIDE },
  'forced colours': { colorScheme: 'dark', forcedColors: 'active', viewport: WIDE },
} as const satisfies Record<string, BrowserContextOptions>;
const FITS = `document.documentElement.scrollWidth <= innerWidth
  && document.documentElement.scrollHeight <= innerHeight`;
const FEW = ['/', '/devlogin', '/admin/endpoints'];
const MANY = [...FEW, '/admin/status', '/settings', '/help'];
type Look = keyof typeof LOOKS;
const CASES: readonly (readonly [theme: string, look: Look, places: readonly string[]])[] = [
  ...(Object.keys(LOOKS) as Look[]).map((look) => ['default', look, MANY] as const),
  ...['aldermoor', 'kestrel-bay'].flatMap((theme) =>
    (['light', 'dark', 'more contrast'] as const).map((look) => [theme, look, FEW] as const),
  ),
];
/** Where pictures of all of it go, for whoever wants to look. */
const { SHOTS } = process.env;

const themed = (app: Record<string, unknown>) => ({
  app: { debug: true, dev_user: 'dev@example.com', ...app },
});
const token = (page: Page, name: string) =>
  page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--${name}')`);
const ground = (page: Page) =>
  page.evaluate('getComputedStyle(document.documentElement).backgroundColor');

test.each(CASES)('%s is easy to read, seen like this: %s', async (theme, look, places) => {
  const lumen = await testApp({ config: themed({ theme, tagline: 'Models for everybody' }) });
  const page = await (await openBrowser(LOOKS[look])).newPage();
  const findings: string[] = [];
  // There the system paints over the colours that axe reckons with.
  const counts = (found: string) =>
    look !== 'forced colours' || !found.startsWith('color-contrast');
  for (const place of places) {
    await page.goto(lumen.url + place);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    if (place === '/') await page.getByText(/^Lumen \d/).waitFor();
    if (place === '/admin/status') await page.getByRole('table', { name: /^Jobs/ }).waitFor();
    findings.push(...(await axeFindings(page)).filter(counts).map((found) => `${place}: ${found}`));
    if (!(await page.evaluate(FITS))) findings.push(`${place}: does not fit`);
    const file = `${theme}-${look}${place}`.replaceAll(/[/ ]/g, '-');
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${file}.png` });
  }
  expect(findings).toEqual([]);
});

test('the institution has its logo, its colours and its links on the pages', async () => {
  const lumen = await testApp({ config: themed({ theme: 'aldermoor', name: 'Alder' }) });
  const page = await (await openBrowser({ colorScheme: 'light' })).newPage();
  await page.goto(lumen.url);
  const logo = page.getByRole('img', { name: 'University of Aldermoor: an alder leaf' });
  await logo.waitFor();
  expect(await page.evaluate('document.querySelector("main img").naturalWidth')).toBeGreaterThan(0);
  const link = page.getByRole('link', { name: 'Accessibility' });
  expect(await link.getAttribute('href')).toBe('https://aldermoor.example/accessibility');
  expect(await ground(page)).toBe('rgb(251, 252, 248)');
  const manifest = await page.evaluate(
    "fetch(document.querySelector('link[rel=manifest]').href).then((r) => r.json())",
  );
  expect(manifest).toMatchObject({ name: 'Alder' });
});

test('the colours are there before the page is, from the second visit on', async () => {
  const lumen = await testApp({ config: themed({ theme: 'kestrel-bay' }) });
  const context = await openBrowser({ colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(lumen.url);
  await page.getByText(/^Lumen \d/).waitFor();
  await context.route('**/graphql', () => undefined);
  await page.goto(lumen.url, { waitUntil: 'load' });
  expect(await ground(page)).toBe('rgb(249, 251, 253)');
});

test('a theme that is changed changes open windows, and people have that of their address', async () => {
  const lumen = await testApp({
    config: themed({ theme: 'aldermoor', email_themes: { '@bay.example': 'ours' } }),
  });
  await savesTheme(lumen, 'ours', {
    'theme.yaml': 'colors: { light: { page: "#ffffff", text: "#111111", accent: "#5b2a86" } }',
  });
  const page = await (await openBrowser({ colorScheme: 'light' })).newPage();
  await page.goto(`${lumen.url}/devlogin?email=ada@bay.example`);
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill('A thought');
  await expect.poll(() => token(page, 'site-accent'), { timeout: 15_000 }).toContain('#5b2a86');
  await savesTheme(lumen, 'ours', { 'theme.yaml': 'colors: { light: { accent: "#005f56" } }' });
  await expect.poll(() => token(page, 'site-accent'), { timeout: 15_000 }).toContain('#005f56');
  await savesTheme(lumen, 'ours', { 'theme.yaml': 'institution: Without colours' });
  await expect.poll(() => token(page, 'site-accent'), { timeout: 15_000 }).toBe('');
  expect(await box.inputValue()).toBe('A thought');
});

test('high contrast is chosen by keyboard, kept, told to other windows, and wins over the institution', async () => {
  const lumen = await testApp({ config: themed({ theme: 'aldermoor' }) });
  const context = await openBrowser({ colorScheme: 'light' });
  const other = await context.newPage();
  await other.goto(`${lumen.url}/devlogin`);
  await other.getByRole('textbox', { name: 'Message' }).waitFor();
  const page = await context.newPage();
  await page.goto(`${lumen.url}/settings`);
  await page.getByRole('radio', { name: 'System' }).focus();
  for (const name of ['Light', 'Dark', 'High contrast']) {
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name }).isChecked()).toBe(true);
  }
  expect(await ground(page)).toBe('rgb(255, 255, 255)');
  await expect.poll(() => ground(other)).toBe('rgb(255, 255, 255)');
  await page.reload();
  expect(await ground(page)).toBe('rgb(255, 255, 255)');
  expect(await page.getByRole('radio', { name: 'High contrast' }).isChecked()).toBe(true);
  await page.keyboard.press('Tab');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => ground(page)).toBe('rgb(0, 0, 0)');
  await page.getByRole('radio', { name: 'System' }).check();
  await expect.poll(() => ground(page)).toBe('rgb(20, 25, 22)');
});

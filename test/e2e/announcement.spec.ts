import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';

const app = (announcement: string) => ({
  debug: true,
  dev_user: 'dev@example.com',
  announcement,
});
const HOSTILE = `**Maintenance** on Friday, <a href="https://example.edu/plan" title="Plan" class="button">the plan</a>
<a href="javascript:alert(1)">trap</a> <img src="/favicon.svg"> <em style="color: red">soon</em>
<script>document.title = 'taken'</script>`;
const FITS = `document.documentElement.scrollWidth <= innerWidth
  && document.documentElement.scrollHeight <= innerHeight`;

const banner = (page: Page) => page.getByRole('region', { name: 'Announcement' });

test.each([
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const)(
  'the announcement stands above every page, harmless: $colorScheme, $viewport.width wide',
  async (look) => {
    const lumen = await testApp({ config: { app: app(HOSTILE) } });
    const page = await (await openBrowser(look)).newPage();
    const findings: string[] = [];
    for (const place of ['/', '/help', '/devlogin', '/models', '/settings']) {
      await page.goto(lumen.url + place);
      await banner(page).getByText('Maintenance').waitFor();
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      findings.push(...(await axeFindings(page)).map((found) => `${place}: ${found}`));
      if (!(await page.evaluate(FITS))) findings.push(`${place}: does not fit`);
    }
    expect(findings).toEqual([]);
    const written = await banner(page).locator('div').innerHTML();
    expect(written).toContain('<strong>Maintenance</strong>');
    expect(written).toContain('<em>soon</em>');
    expect(written).not.toMatch(/script|class|style|<img/);
    const plan = banner(page).getByRole('link', { name: 'the plan' });
    expect(await plan.getAttribute('target')).toBe('_blank');
    expect(await plan.getAttribute('rel')).toBe('noopener');
  },
);

test('a closed announcement stays closed until it changes, which open windows show at once', async () => {
  const lumen = await testApp({ config: { app: app('Maintenance on Friday') } });
  const page = await (await openBrowser()).newPage();
  await page.goto(lumen.url);
  const close = banner(page).getByRole('button', { name: 'Close the announcement' });
  await close.focus();
  await page.keyboard.press('Enter');
  await banner(page).waitFor({ state: 'detached' });

  await page.goto(`${lumen.url}/devlogin`);
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
  expect(await banner(page).count()).toBe(0);

  await page.getByRole('textbox', { name: 'Message' }).fill('A thought');
  await lumen.saves({ app: app('Maintenance on Monday') });
  await banner(page).getByText('Monday').waitFor();
  expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('A thought');
  await lumen.saves({ app: app('') });
  await banner(page).waitFor({ state: 'detached' });
});

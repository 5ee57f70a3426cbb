import { readFile } from 'node:fs/promises';
import OpenAI from 'openai';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { Person } from '../support/actors.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';

async function asksOnce(app: TestApp, person: Person): Promise<void> {
  const { key } = await person.withKey('night job');
  const client = new OpenAI({ apiKey: key, baseURL: `${app.url}/v1`, maxRetries: 0 });
  await client.chat.completions.create({
    model: 'fake',
    messages: [{ role: 'user', content: 'Hi' }],
  });
}

const showsRequests = (page: Page, count: string) =>
  page
    .locator('dl > div')
    .filter({ hasText: 'Requests' })
    .getByText(count, { exact: true })
    .waitFor();

test('usage is counted while the page is open, and each chart gives its table, file and query', async () => {
  const app = await testApp();
  const browser = await openBrowser({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await browser.newPage();
  await page.goto(`${app.url}/devlogin`);
  await page.goto(`${app.url}/usage`);
  await showsRequests(page, '0');
  const [cookie] = await browser.cookies();
  const dev = new Person(app.url, '', { cookie: `${cookie?.name}=${cookie?.value}` });
  await asksOnce(app, dev);
  await showsRequests(page, '1');

  const models = page.getByRole('article').filter({ hasText: 'Models' });
  await models.getByText('As a table').click();
  await models.getByRole('row').filter({ hasText: 'fake' }).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    models.getByRole('button', { name: 'Download CSV: Models' }).click(),
  ]);
  expect(await readFile(await file.path(), 'utf8')).toMatch(
    /^Model,Requests,Tokens in,Tokens out,Coins\r\nfake,1,/,
  );
  await models.getByRole('button', { name: 'Copy this query: Models' }).click();
  const query: string = await page.evaluate('navigator.clipboard.readText()');
  expect(await dev.asks(query)).toMatchObject({
    usage: { byModel: [{ model: 'fake', requests: 1 }] },
  });
});

test('administrators see everybody and one account alone; others see their own, whatever the address says', async () => {
  const app = await testApp();
  const ada = await app.person('ada@example.edu');
  await asksOnce(app, ada);
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin`);
  await page.goto(`${app.url}/usage`);
  await page.getByRole('combobox', { name: 'Of' }).selectOption('Everybody');
  await page.getByRole('heading', { name: 'Top spenders' }).waitFor();
  await showsRequests(page, '1');
  await page.goto(`${app.url}/admin?search=ada`);
  await page.getByRole('link', { name: 'ada', exact: true }).click();
  await page.getByRole('link', { name: 'Usage of ada' }).click();
  await page.getByText('Of one account.').waitFor();
  await showsRequests(page, '1');

  const other = await (await openBrowser()).newPage();
  await other.goto(`${app.url}/devlogin?email=grace@example.edu`);
  await other.goto(`${app.url}/usage?everyone=yes`);
  await showsRequests(other, '0');
  expect(await other.getByRole('heading', { name: 'Top spenders' }).count()).toBe(0);
});

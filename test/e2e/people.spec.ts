import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { Person } from '../support/actors.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';
import { answers } from '../support/fake-model.ts';

async function signedIn(app: TestApp, email: string): Promise<Page> {
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin?email=${email}`);
  await page.getByRole('link', { name: 'Models' }).waitFor();
  return page;
}

test('people are found by what they used, and one of them is looked at without what they wrote', async () => {
  const app = await testApp();
  app.model.answer(
    answers({ texts: ['Hi'], usage: { prompt_tokens: 100, completion_tokens: 50 } }),
  );
  const ada = await Person.signIn(app.url, 'ada@example.edu');
  await Person.signIn(app.url, 'bob@example.edu');
  const { assistantMessage } = await ada.says('My secret question');
  await ada.awaits(assistantMessage.id);
  await ada.withKey('night job');
  const page = await signedIn(app, 'dev@example.com');
  await page.goto(`${app.url}/admin`);
  const total = (name: string) =>
    page.getByRole('term').filter({ hasText: name }).locator('+ dd').textContent();
  await page.getByRole('term').filter({ hasText: 'Coins used' }).waitFor();
  expect(await Promise.all(['People', 'Requests', 'Tokens', 'Coins used'].map(total))).toEqual([
    '3',
    '1',
    '150',
    '0.2',
  ]);
  await page.getByRole('link', { name: 'Coins used' }).click();
  await page.waitForURL(/sort=COST&descending=yes/);
  await expect
    .poll(() => page.getByRole('row').nth(1).getByRole('link').first().textContent())
    .toBe('ada');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('link', { name: 'ada', exact: true }).click();
  await page.getByRole('heading', { name: 'ada', exact: true }).waitFor();
  await expect.poll(() => page.title()).toBe('ada · Administration: People · Lumen');
  await page.getByText('night job').waitFor();
  await page.getByText('Groups: default').waitFor();
  await page.getByRole('row', { name: /fake/ }).getByText('allowed').waitFor();
  await page.getByRole('heading', { name: 'The last 30 days' }).waitFor();
  expect(await page.getByText('My secret question').count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  await page.goto(`${app.url}/admin/people/bob@example.edu`);
  await page.getByRole('heading', { name: 'bob', exact: true }).waitFor();
});

test('somebody limits their month, saves their data and asks to be deleted; an administrator agrees', async () => {
  const app = await testApp();
  const ada = await signedIn(app, 'ada@example.edu');
  await ada.goto(`${app.url}/settings`);
  await ada.getByLabel('Coins in a month').fill('2,5');
  await ada.getByRole('button', { name: 'Set the limit' }).click();
  await ada.getByText('0 of 2.5 coins spent this month').waitFor();
  const [file] = await Promise.all([
    ada.waitForEvent('download'),
    ada.getByRole('link', { name: 'Save my data' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^lumen-data-.*\.zip$/);
  await ada.getByRole('button', { name: 'Ask to delete my account…' }).click();
  await ada
    .getByRole('dialog')
    .getByLabel(/What they should know/)
    .fill('I leave.');
  expect(await axeFindings(ada)).toEqual([]);
  await ada.getByRole('button', { name: 'Ask for it' }).click();
  await ada.getByText(/You asked for your account to be deleted/).waitFor();
  expect(await axeFindings(ada)).toEqual([]);

  const admin = await signedIn(app, 'dev@example.com');
  await admin.goto(`${app.url}/admin?deletion=yes`);
  await admin.getByRole('link', { name: 'ada', exact: true }).click();
  await admin.getByText('“I leave.”').waitFor();
  await admin.getByRole('button', { name: 'Change ada' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Reason, for the audit trail').fill('as asked');
  await dialog.getByRole('button', { name: 'Delete the account, as asked' }).click();
  await admin.waitForURL(/\/admin$/);
  await admin.getByText('ada@example.edu').waitFor({ state: 'detached' });
});

test('a file of members is shown before it is brought in', async () => {
  const app = await testApp({ config: { groups: { default: { max: 10 }, course: { max: 20 } } } });
  for (const name of ['ada', 'bob']) await Person.signIn(app.url, `${name}@example.edu`);
  const page = await signedIn(app, 'dev@example.com');
  await page.goto(`${app.url}/admin/groups/course`);
  await page.getByText(/config\.yaml defines this group, at config\.yaml:\d+/).waitFor();
  await page.getByLabel('File with the addresses of members').setInputFiles({
    name: 'course.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      '\uFEFFName;E-Mail\r\nAda;ada@example.edu\r\nBob;bob@example.edu\r\nEve;eve@example.edu\r\nX;nobody\r\n',
    ),
  });
  const dialog = page.getByRole('dialog');
  await dialog.getByText('2 will be put in').waitFor();
  await dialog.getByRole('row', { name: '5 nobody is no address' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Put 2 in' }).click();
  await page.getByRole('button', { name: 'Remove ada' }).waitFor();
  await page.getByRole('button', { name: 'Remove bob' }).waitFor();
});

const README = `---
license: mit
---
<h1 align="center">A fine model</h1>
<p align="center"><img src="figure.png" alt="a figure"></p>

| size | score |
| --- | --- |
| 7B | 9 |

<script>document.title = 'taken';</script>
`;

test('the page of a model has its README, and for administrators its endpoints', async () => {
  const server = createServer((_, response) => response.end(README));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const app = await testApp({
    env: { HF_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    config: ({ url }) => ({
      models: [
        {
          name: 'fine',
          url: 'https://huggingface.co/o/fine',
          input_cost_per_million: 1,
          output_cost_per_million: 2,
          endpoints: [{ url, model: 'fake-1' }],
        },
      ],
    }),
  });
  const admin = await signedIn(app, 'dev@example.com');
  await admin.goto(`${app.url}/models/fine`);
  await admin.getByRole('heading', { name: 'A fine model' }).waitFor();
  expect(await admin.getByRole('link', { name: 'a figure' }).getAttribute('href')).toBe(
    'https://huggingface.co/o/fine/blob/main/figure.png',
  );
  expect(await admin.getByRole('img', { name: 'a figure' }).count()).toBe(0);
  await admin.getByRole('heading', { name: 'Endpoints' }).waitFor();
  await admin.getByText('0 requests in the last hour, 0 requests in the last day').waitFor();
  expect(await admin.title()).not.toBe('taken');
  expect(await axeFindings(admin)).toEqual([]);
  const ada = await signedIn(app, 'ada@example.edu');
  await ada.goto(`${app.url}/models/fine`);
  await ada.getByRole('heading', { name: 'A fine model' }).waitFor();
  expect(await ada.getByRole('heading', { name: 'Endpoints' }).count()).toBe(0);

  await admin.goto(`${app.url}/admin/endpoints`);
  await admin.getByRole('button', { name: 'Ask its endpoints' }).click();
  await admin.getByText('They say nothing of fine that the configuration does not.').waitFor();
  expect(await axeFindings(admin)).toEqual([]);
});

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';

async function signedIn(app: TestApp, email: string): Promise<Page> {
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin?email=${email}`);
  await page.getByRole('link', { name: 'Models' }).waitFor();
  return page;
}

async function downloaded(page: Page, button: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFile(await file.path(), 'utf8');
}

test('somebody who is disabled with a reason is out at once, and the trail says who did it and why', async () => {
  const app = await testApp();
  const ada = await signedIn(app, 'ada@example.edu');
  const admin = await signedIn(app, 'dev@example.com');
  await admin.getByRole('link', { name: 'Administration' }).click();
  await admin.getByLabel('Find people').fill('ADA');
  await admin.getByRole('button', { name: 'Change dev' }).waitFor({ state: 'detached' });
  await admin.getByRole('button', { name: 'Change ada' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('What to do').selectOption('Disable the account');
  await dialog.getByLabel('Reason, for the audit trail').fill('=left the institution');
  await dialog.getByRole('button', { name: 'Disable the account' }).click();
  await admin.getByText('disabled', { exact: true }).waitFor();
  await ada.getByText('This account is disabled. Ask an administrator.').waitFor();

  await admin.getByRole('link', { name: 'ada', exact: true }).click();
  await admin.getByRole('link', { name: 'History of ada' }).click();
  await admin.getByText('account.disabled').waitFor();
  await admin.getByText('“=left the institution”').waitFor();
  const csv = await downloaded(admin, 'Download as CSV');
  expect(csv).toMatch(/^at,actor,action,kind,subject,reason,before,after\r\n/);
  expect(csv).toContain("dev@example.com,account.disabled,account,ada@example.edu,'=left the");
});

test('coins are granted and a limit is set for one person, and the list shows both', async () => {
  const app = await testApp();
  await signedIn(app, 'ada@example.edu');
  const admin = await signedIn(app, 'dev@example.com');
  await admin.goto(`${app.url}/admin?search=ada`);
  await admin.getByText('10.00 of 10').waitFor();
  await admin.getByRole('button', { name: 'Change ada' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Amount').fill('-2,5');
  await dialog.getByLabel('Reason').fill('paid elsewhere');
  await dialog.getByRole('button', { name: 'Grant or take coins' }).click();
  await admin.getByText('7.50 of 10').waitFor();
  await admin.getByRole('button', { name: 'Change ada' }).click();
  await dialog.getByLabel('What to do').selectOption('Set a limit of its own');
  await dialog.getByLabel('Size of the pool').fill('5');
  await dialog.getByLabel('Reason').fill('a course');
  await dialog.getByRole('button', { name: 'Set a limit of its own' }).click();
  await admin.getByText('own limit').waitFor();
  await admin.getByText('of 5', { exact: false }).waitFor();
});

test('a group is made, opens a model to who is put in, and one of the file is shown locked', async () => {
  const app = await testApp({
    config: (model) => ({
      models: [
        {
          name: 'shut',
          access: 'blocked',
          input_cost_per_million: 1,
          output_cost_per_million: 1,
          endpoints: [{ url: model.url, model: 'fake-1' }],
        },
      ],
      groups: { default: { max: 10 } },
    }),
  });
  await signedIn(app, 'ada@example.edu');
  const admin = await signedIn(app, 'dev@example.com');
  await admin.goto(`${app.url}/admin/groups`);
  await admin.getByRole('link', { name: 'Create a group here' }).click();
  await admin.getByRole('textbox', { name: 'Name' }).fill('pilot');
  await admin.getByLabel('Allowed models, one a line').fill('shut');
  await admin.getByRole('button', { name: 'Create' }).click();
  await admin.getByLabel('Add somebody').fill('ada@example.edu');
  await admin.getByRole('button', { name: 'Add' }).click();
  await admin.getByRole('button', { name: 'Remove ada' }).waitFor();

  await admin.goto(`${app.url}/admin/access`);
  await admin.getByLabel('E-mail address').fill('ada@example.edu');
  await admin.getByRole('textbox', { name: 'Model' }).fill('shut');
  await admin.getByRole('button', { name: 'Explain' }).click();
  await admin.getByText(/pilot/).waitFor();
  await admin.goto(`${app.url}/admin/groups/default`);
  await admin.getByText(/config.yaml defines this group/).waitFor();
  expect(await admin.getByRole('button', { name: 'Save' }).count()).toBe(0);
});

test('a mistake in config.yaml is shown with its line, and who is no administrator reads one sentence', async () => {
  const app = await testApp();
  const admin = await signedIn(app, 'dev@example.com');
  await admin.goto(`${app.url}/admin/configuration`);
  await admin.getByText('In force').waitFor();
  await app.saves({ chat: { remove: 'burn' } });
  await expect
    .poll(async () => {
      await admin.getByRole('button', { name: 'Look again' }).click();
      return admin.getByRole('row').filter({ hasText: 'chat.remove' }).count();
    })
    .toBe(1);
  const ada = await signedIn(app, 'ada@example.edu');
  await ada.goto(`${app.url}/admin/audit`);
  await ada.getByText(/These pages are for the administrators/).waitFor();
  expect(await ada.getByRole('table').count()).toBe(0);
});

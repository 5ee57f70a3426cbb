import OpenAI from 'openai';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';

const withProjects = () =>
  testApp({
    config: (model) => ({
      models: [
        {
          name: 'careful',
          needs_ack: true,
          ack_message: 'Only public data.',
          input_cost_per_million: 1000,
          output_cost_per_million: 2000,
          endpoints: [{ url: model.url, api_key: 'upstream-secret', model: 'fake-1' }],
        },
      ],
      projects: { default: { max: 10, starting: 10, model_access: { default: 'allowed' } } },
    }),
  });

async function signedIn(app: TestApp, email: string): Promise<Page> {
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin?email=${email}`);
  await page.getByRole('link', { name: 'Models' }).waitFor();
  return page;
}

async function createsProject(admin: Page, app: TestApp): Promise<void> {
  await admin.goto(`${app.url}/projects`);
  await admin.getByRole('button', { name: 'Create project' }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Genome Annotation');
  await dialog.getByLabel('E-mail address of its owner').fill('ada@example.edu');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await admin.getByRole('heading', { level: 1, name: 'Genome Annotation' }).waitFor();
}

test('an administrator makes a project, its owner shares it, and its key works until it is deactivated', async () => {
  const app = await withProjects();
  const ada = await signedIn(app, 'ada@example.edu');
  const grace = await signedIn(app, 'grace@example.edu');
  expect(await grace.getByRole('link', { name: 'Projects' }).count()).toBe(0);
  await createsProject(await signedIn(app, 'dev@example.com'), app);

  await ada.goto(`${app.url}/projects/genome-annotation`);
  await ada.getByLabel('Add a manager').fill('grace');
  await ada.getByRole('button', { name: 'Add grace' }).click();
  await ada.getByRole('button', { name: 'Remove grace' }).waitFor();

  await grace.reload();
  await grace.getByRole('link', { name: 'Projects' }).click();
  await grace.getByRole('link', { name: 'Genome Annotation' }).click();
  await grace.getByRole('button', { name: 'Acknowledge careful' }).click();
  await grace.getByRole('button', { name: 'I accept for the project' }).click();
  await grace.getByText('acknowledged', { exact: true }).waitFor();
  expect(await grace.getByRole('button', { name: 'Deactivate this project' }).count()).toBe(0);
  const apiKey = await makesKey(grace);
  const client = new OpenAI({ apiKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
  await client.chat.completions.create({
    model: 'careful',
    messages: [{ role: 'user', content: 'Hi' }],
  });
  await grace.reload();
  await grace
    .getByRole('listitem')
    .filter({ hasText: 'pipeline' })
    .getByText('1 request')
    .waitFor();

  await ada.getByRole('button', { name: 'Deactivate this project' }).click();
  await ada.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await ada.getByText('The project is inactive: its keys open nothing.').waitFor();
  await expect(client.models.list()).rejects.toThrow();
});

async function makesKey(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('pipeline');
  await dialog.getByRole('button', { name: 'Create' }).click();
  const apiKey = (await dialog.getByText(/^sk_/).textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Done' }).click();
  return apiKey;
}

test('a project is another’s as long as its owner says so, and only one person owns it', async () => {
  const app = await withProjects();
  const ada = await signedIn(app, 'ada@example.edu');
  const grace = await signedIn(app, 'grace@example.edu');
  await createsProject(await signedIn(app, 'dev@example.com'), app);
  await grace.goto(`${app.url}/projects/genome-annotation`);
  await grace.getByText('There is no project at this address, or you don’t manage it.').waitFor();

  await ada.goto(`${app.url}/projects/genome-annotation`);
  await ada.getByLabel('Add a manager').fill('grace');
  await ada.getByRole('button', { name: 'Add grace' }).click();
  await ada.getByRole('button', { name: 'Make owner: grace' }).click();
  await ada.getByRole('dialog').getByRole('button', { name: 'Make owner' }).click();
  await ada.getByLabel('Add a manager').waitFor({ state: 'detached' });
  await grace.reload();
  await grace.getByRole('button', { name: 'Remove ada' }).click();
  await grace.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await grace.getByRole('button', { name: 'Remove ada' }).waitFor({ state: 'detached' });
  await ada.reload();
  await ada.getByText('There is no project at this address, or you don’t manage it.').waitFor();
});

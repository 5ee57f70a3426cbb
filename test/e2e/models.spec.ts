import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';
import type { FakeModel } from '../support/fake-model.ts';

const endpointsOf = (model: FakeModel) => [
  { url: model.url, api_key: 'upstream-secret', model: 'fake-1' },
];
const prices = { input_cost_per_million: 1000, output_cost_per_million: 2000 };

const withModels = () =>
  testApp({
    config: (model) => ({
      models: [
        { name: 'plain', ...prices, endpoints: endpointsOf(model) },
        {
          name: 'org/careful',
          ...prices,
          needs_ack: true,
          ack_message: 'Only **public** data.',
          notice: 'Runs on *borrowed* machines.',
          input_modalities: ['text', 'image'],
          endpoints: endpointsOf(model),
        },
      ],
    }),
  });

test('a model is found by what it can, its terms are accepted in place, and a chat begins with it', async () => {
  const app = await withModels();
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin`);
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByText('2 of 2 models').waitFor();
  await page.getByLabel('It can').selectOption('reads image');
  await page.getByText('1 of 2 models').waitFor();
  await expect.poll(() => page.url()).toContain('can=reads+image');
  await page.reload();
  await page.getByText('1 of 2 models').waitFor();
  await page.getByRole('link', { name: 'org/careful' }).click();
  await page.getByText('public', { exact: true }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/models/org/careful');
  await page.getByText('"model": "org/careful"').waitFor();
  expect(await page.getByText('borrowed', { exact: true }).count()).toBe(0);

  await page.getByRole('button', { name: 'Acknowledge its terms' }).click();
  await page.getByRole('button', { name: 'I accept' }).click();
  await page.getByText('You acknowledged the terms of this model').waitFor();
  await page.getByRole('button', { name: 'Use this model' }).click();
  await page.getByRole('button', { name: 'Model: org/careful' }).waitFor();
});

test('a model whose endpoint is withdrawn is down at once on the pages that show it', async () => {
  const app = await withModels();
  const browser = await openBrowser();
  const [reader, admin] = await Promise.all([browser.newPage(), browser.newPage()]);
  await reader.goto(`${app.url}/devlogin`);
  await reader.goto(`${app.url}/models`);
  const row = reader.getByRole('row').filter({ hasText: 'plain' });
  await row.getByText('OK', { exact: true }).waitFor();
  await admin.goto(`${app.url}/admin/endpoints`);
  await admin.getByRole('button', { name: /^Withdraw/ }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByRole('textbox').fill('a new power supply');
  await dialog.getByRole('button', { name: 'Withdraw' }).click();
  await admin.getByText('a new power supply').waitFor();
  await row.getByText('Down', { exact: true }).waitFor();
  await admin.getByRole('button', { name: /^Restore/ }).click();
  await row.getByText('OK', { exact: true }).waitFor();
});

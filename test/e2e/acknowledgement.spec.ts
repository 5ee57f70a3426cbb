import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';
import type { FakeModel } from '../support/fake-model.ts';

const TEXT = 'Only **public** data, <script>document.title = "owned"</script> please.';

const asking = (model: FakeModel, text: string | undefined = TEXT) => ({
  name: 'careful',
  needs_ack: true,
  ack_message: text,
  input_cost_per_million: 1000,
  output_cost_per_million: 2000,
  endpoints: [{ url: model.url, api_key: 'upstream-secret', model: 'fake-1' }],
});
const plain = (model: FakeModel) => ({ ...asking(model), name: 'plain', needs_ack: false });

test('choosing a model that asks for a yes shows its terms once, here and in other tabs', async () => {
  const app = await testApp({
    config: (model) => ({ models: [asking(model), plain(model)] }),
  });
  const { first, second } = await twoTabs(app);
  await first.getByRole('button', { name: 'Model: plain' }).click();
  await option(first).getByText('Needs your acknowledgement').waitFor();
  await option(first).click();

  const dialog = first.getByRole('dialog', { name: 'Before you use careful' });
  await dialog.getByText('public', { exact: true }).waitFor();
  await dialog
    .getByRole('region', { name: 'What you accept' })
    .and(first.locator(':focus'))
    .waitFor();
  expect(await axeFindings(first)).toEqual([]);
  await first.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await first.getByRole('button', { name: 'Model: plain' }).click();
  await option(first).click();
  await dialog.getByRole('button', { name: 'I accept' }).click();
  await first.getByRole('button', { name: 'Model: careful' }).waitFor();
  expect(await first.title()).not.toContain('owned');

  await second.getByRole('button', { name: 'Model: plain' }).click();
  await option(second).getByText('Needs your acknowledgement').waitFor({ state: 'detached' });
  await option(second).click();
  await second.getByRole('button', { name: 'Model: careful' }).waitFor();
});

test('a message waits for the yes and then goes as it was typed; without one it stays in the field', async () => {
  const app = await testApp({ config: (model) => ({ models: [asking(model)] }) });
  const { first, second } = await twoTabs(app);
  await ask(first, 'What may I ask?');
  const dialog = first.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await first.locator('textarea:focus').waitFor();
  expect(await composer(first).inputValue()).toBe('What may I ask?');

  await first.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'I accept' }).click();
  await first.getByText('Hello, world!').waitFor();
  expect((await app.model.received()).body.messages).toEqual([
    { role: 'user', content: 'What may I ask?' },
  ]);
  await ask(second, 'And from here?');
  await second.getByText('Hello, world!').waitFor();
});

test('a question that another tab has answered goes away by itself', async () => {
  const app = await testApp({ config: (model) => ({ models: [asking(model)] }) });
  const { first, second } = await twoTabs(app);
  await ask(first, 'From the first');
  await first.getByRole('dialog').waitFor();
  await ask(second, 'From the second');
  await second.getByRole('button', { name: 'I accept' }).click();
  await second.getByText('Hello, world!').waitFor();
  await first.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await composer(first).inputValue()).toBe('From the first');
});

test('when only the server knows that a yes is missing, its refusal leads to the same question', async () => {
  const app = await testApp({ config: (model) => ({ models: [asking(model, '')] }) });
  const page = await (await openBrowser()).newPage();
  let isStale = true;
  await page.route('**/graphql', async (route) => {
    const isModels = route.request().postData()?.includes('query Models') ?? false;
    if (!isStale || !isModels) return route.continue();
    isStale = false;
    const response = await route.fetch();
    const body = (await response.text()).replace('ACKNOWLEDGEMENT_NEEDED', 'ALLOWED');
    return route.fulfill({ response, body });
  });
  await page.goto(`${app.url}/devlogin`);
  await ask(page, 'Am I late?');
  const dialog = page.getByRole('dialog', { name: 'Before you use careful' });
  await dialog.getByText(/know the rules/).waitFor();
  await dialog.getByRole('button', { name: 'I accept' }).click();
  await page.getByText('Hello, world!').waitFor();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  expect(app.model.requests).toHaveLength(1);
});

const option = (page: Page) => page.getByRole('option').filter({ hasText: 'careful' });
const composer = (page: Page) => page.getByRole('main').getByRole('textbox').first();

async function ask(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

async function twoTabs(app: TestApp): Promise<{ first: Page; second: Page }> {
  const browser = await openBrowser();
  const first = await browser.newPage();
  await first.goto(`${app.url}/devlogin`);
  const second = await browser.newPage();
  await second.goto(app.url);
  await second.getByText(/coins left/).waitFor();
  return { first, second };
}

import { chmod, readFile, writeFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type TestApp, testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';

async function editing(app: TestApp, view = 'text'): Promise<Page> {
  const page = await (await openBrowser()).newPage();
  await page.goto(`${app.url}/devlogin?email=dev@example.com`);
  await page.getByRole('link', { name: 'Models' }).waitFor();
  await page.goto(`${app.url}/admin/configuration/edit?view=${view}`);
  return page;
}

const textOf = (page: Page): Locator => page.getByRole('textbox', { name: 'Text of config.yaml' });

/** Types at the end of the text. */
async function append(page: Page, text: string): Promise<void> {
  await textOf(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(text);
}

const review = (page: Page) => page.getByRole('button', { name: 'Review and save' }).click();
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
const onDisk = (app: TestApp) => readFile(app.configFile, 'utf8');

test('a mistake is shown on its line, and what is saved without one is in force', async () => {
  const app = await testApp();
  const page = await editing(app);
  expect(await textOf(page).textContent()).not.toContain('upstream-secret');
  await append(page, 'chat:\n  remove: burn');
  const mistakes = page.getByRole('list', { name: 'Mistakes' });
  await mistakes.getByText('chat.remove').waitFor();
  await page.locator('.cm-lint-marker-error').waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await mistakes.getByRole('button', { name: /^Line/ }).click();
  await page.keyboard.press('End');
  await page.keyboard.press('Control+Backspace');
  await page.keyboard.insertText('delete # by the page: is it?');
  await mistakes.waitFor({ state: 'detached' });
  await review(page);
  await page.getByText('chat changed').waitFor();
  await page.getByText('at once').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel('Reason, for the audit trail').fill('tidy');
  await save(page);
  await page.getByRole('main').getByText('Saved, and in force').waitFor();
  expect(await onDisk(app)).toMatch(/remove: delete # by the page: is it\?/);
  expect(await onDisk(app)).toContain('api_key: upstream-secret');
  await page.goto(`${app.url}/admin/audit`);
  await page.getByText('“tidy”').waitFor();
});

test('settings are completed and explained as they are typed, and the keyboard leaves the editor', async () => {
  const app = await testApp();
  const page = await editing(app);
  await append(page, 'api:\n  con');
  await page.getByText('Whether needs_ack also holds').waitFor();
  await page.getByRole('option', { name: /consent/ }).click();
  await textOf(page).getByText('consent: ').waitFor();
  await page.keyboard.type('f');
  await page.getByRole('option', { name: 'false' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.type('alse # why?');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Shift+Tab');
  expect(await textOf(page).evaluate((content) => content.matches(':focus'))).toBe(false);
});

test('the form changes what is asked for, and text and form are one draft that outlives a reload', async () => {
  const app = await testApp();
  await writeFile(app.configFile, `# ours\n${await onDisk(app)}odd:   {a:   1}\n`);
  const before = await onDisk(app);
  const page = await editing(app, 'form');
  await page.getByText('Models that this portal offers.').click();
  await page.locator('summary', { hasText: 'fake' }).click();
  await page.getByLabel('Disabled').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel('Input cost per million', { exact: true }).fill('12,5');
  await page.getByLabel('Needs ack').selectOption('false');
  await page.getByLabel('Needs ack').waitFor();
  await page.getByRole('link', { name: 'Text', exact: true }).click();
  expect(await textOf(page).textContent()).toContain('input_cost_per_million: 12.5');
  await page.reload();
  await textOf(page).getByText('needs_ack').waitFor();
  await review(page);
  await page.getByText('models changed: fake').waitFor();
  await save(page);
  await page.getByRole('main').getByText('Saved, and in force').waitFor();
  const after = await onDisk(app);
  expect(after).toContain('odd:   {a:   1}');
  const written = before.replace('million: 1000', 'million: 12.5');
  expect(after.replace('    needs_ack: false\n', '')).toBe(written);
  expect(parse(after).models[0]).toMatchObject({ needs_ack: false });
});

test('who is overtaken keeps their text, sees what is new, and a backup brings the first file back', async () => {
  const app = await testApp();
  const first = await onDisk(app);
  const page = await editing(app);
  await append(page, '# mine\n');
  await writeFile(app.configFile, `${first}# theirs\n`);
  await append(page, '# mine too\n');
  const conflict = page.getByRole('alert').filter({ hasText: 'has been changed since' });
  await conflict.getByText('# theirs').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await conflict.getByRole('button', { name: 'Go on with my text' }).click();
  await conflict.waitFor({ state: 'detached' });
  await append(page, '# theirs\n');
  await review(page);
  await save(page);
  await page.getByRole('main').getByText('Saved, and in force').waitFor();
  expect(await onDisk(app)).toBe(`${first}# mine\n# mine too\n# theirs\n`);

  await page.getByRole('link', { name: 'Backups' }).click();
  await page.getByRole('button', { name: /^Compare/ }).click();
  await page.getByText('# mine too').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /^Restore/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect.poll(() => onDisk(app)).toBe(`${first}# theirs\n`);
});

test('a file that may not be written can be read, and nothing in it can be changed', async () => {
  const app = await testApp();
  await chmod(app.configFile, 0o444);
  const page = await editing(app);
  await page.getByText('The file may not be written.').waitFor();
  await append(page, 'chat:');
  expect(await textOf(page).textContent()).not.toContain('chat:');
  expect(await page.getByRole('button', { name: 'Review and save' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Form', exact: true }).click();
  expect(await page.getByLabel('Admins').isDisabled()).toBe(true);
  expect(await axeFindings(page)).toEqual([]);
});

test('where the file switches the editor off, the page says so', async () => {
  const app = await testApp({
    config: {
      app: {
        debug: true,
        dev_user: 'dev@example.com',
        secret_key: 'the-session-secret-of-tests-0123456789',
        encryption_key: 'the-api-key-secret-of-tests-0123456789',
        config_editor: false,
      },
    },
  });
  const page = await editing(app);
  await page.getByText(/app.config_editor/).waitFor();
  expect(await textOf(page).count()).toBe(0);
});

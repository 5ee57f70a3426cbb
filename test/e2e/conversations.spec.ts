import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage, composer } from '../support/chat-page.ts';
import { says, waits } from '../support/fake-model.ts';

const list = (page: Page) => page.getByRole('navigation', { name: 'Conversations' });

async function chooses(page: Page, title: string, entry: string): Promise<void> {
  await list(page).getByRole('link', { name: title }).hover();
  await list(page)
    .getByRole('button', { name: `More about ${title}` })
    .click();
  await page.getByRole('menuitem', { name: entry }).click();
}

test('a deleted conversation can be had back for ten seconds, and is open again then', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await ask(page, 'Remember this');
  await page.getByText('Hello, world!').waitFor();
  const address = page.url();
  await chooses(page, 'Remember this', 'Delete');
  await page.getByText('“Remember this” was deleted.').waitFor();
  await page.waitForURL(`${app.url}/`);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.waitForURL(address);
  await page.getByText('Hello, world!').waitFor();
  await list(page).getByRole('link', { name: 'Remember this' }).waitFor();
});

test('conversations are pinned and put into folders, in every tab', async () => {
  const app = await testApp();
  const { browser, page } = await chatPage(app);
  await ask(page, 'Keep me');
  await page.getByText('Hello, world!').waitFor();
  const other = await browser.newPage();
  await other.goto(app.url);
  await list(other).getByRole('link', { name: 'Keep me' }).waitFor();
  await page.bringToFront();

  await chooses(page, 'Keep me', 'Pin');
  await page.getByRole('list', { name: 'Pinned' }).getByText('Keep me').waitFor();
  await other.getByRole('list', { name: 'Pinned' }).getByText('Keep me').waitFor();
  await chooses(page, 'Keep me', 'Unpin');
  await chooses(page, 'Keep me', 'Move to a folder');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'New folder' }).fill('Research');
  await page.keyboard.press('Enter');
  await list(page).getByRole('button', { name: 'Research', exact: true }).click();
  await page.getByRole('list', { name: 'Research' }).getByText('Keep me').waitFor();
  await list(other).getByRole('button', { name: 'Research', exact: true }).waitFor();
});

test('a search finds words in messages, and its hit leads to the message on its branch', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  app.model.answerNext(says('The quokka lives on Rottnest.'), says('Something else.'));
  await ask(page, 'Where?');
  await page.getByText('The quokka lives').waitFor();
  await page.getByRole('button', { name: 'Answer again' }).click();
  await page.getByText('Something else.').waitFor();
  await page.keyboard.press('Control+K');
  await page.keyboard.type('quokka');
  await list(page).locator('mark').getByText('quokka').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await list(page)
    .getByRole('link', { name: /quokka/ })
    .click();
  await page.getByRole('main').getByText('The quokka lives on Rottnest.').waitFor();
});

test('a temporary chat is in no list', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await page.getByRole('button', { name: 'Temporary' }).click();
  await ask(page, 'Between us');
  await page.getByText('Hello, world!').waitFor();
  await page.getByRole('main').getByText('Temporary').waitFor();
  await page.reload();
  await page.getByText('Hello, world!').waitFor();
  await page.getByText('Your conversations will appear here.').waitFor();
});

test('settings of a chat reach the model, from its first message on', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await page.getByRole('button', { name: /Settings of this chat/ }).click();
  await page.getByRole('textbox', { name: 'System prompt' }).fill('Be brief.');
  await page.getByRole('spinbutton', { name: 'Temperature' }).fill('0.5');
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await ask(page, 'Hello');
  const { body } = await app.model.received();
  expect(body.temperature).toBe(0.5);
  expect(body.messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
  ]);
  await page.getByRole('button', { name: 'Settings of this chat (2 set)' }).waitFor();
});

test('a prompt is written once and inserted with a slash, by keyboard alone', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await composer(page).fill('/');
  await page.getByRole('option', { name: 'Write and delete prompts…' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Title' }).fill('Proofread');
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Correct the spelling:\n');
  await page.getByRole('button', { name: 'Keep prompt' }).click();
  await page.getByText('Proofread').first().waitFor();
  await page.keyboard.press('Escape');
  await composer(page).fill('');
  await composer(page).press('/');
  await page.keyboard.type('proof');
  await page.getByRole('option', { name: 'Proofread', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => composer(page).inputValue()).toBe('Correct the spelling:\n');
  expect(app.model.requests.length).toBe(0);
});

test('a prompt is shared with a group that is chosen from one’s own', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await composer(page).fill('/');
  await page.getByRole('option', { name: 'Write and delete prompts…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your prompts' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Proofread');
  await dialog.getByRole('textbox', { name: 'Prompt' }).fill('Find the mistakes:');
  await dialog.getByRole('combobox', { name: 'For whom' }).selectOption('Everybody');
  await dialog.getByRole('button', { name: 'Keep prompt' }).click();
  await dialog.getByText('Proofread (Everybody)').waitFor();
  expect(await app.rows('SELECT group_name FROM saved_prompt')).toEqual([
    { group_name: 'default' },
  ]);
});

test('a conversation is saved as a file', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  app.model.answerNext(waits());
  await ask(page, 'Keep this');
  await app.model.says('Kept.');
  await app.model.finishes();
  await page.getByRole('list', { name: 'About this answer' }).waitFor();
  const download = page.waitForEvent('download');
  await chooses(page, 'Keep this', 'Save as Markdown');
  expect((await download).suggestedFilename()).toBe('Keep this.md');
});

test('all conversations are saved as a file, and such a file brings them back', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await ask(page, 'Keep this too');
  await page.getByText('Hello, world!').waitFor();
  await page.goto(`${app.url}/settings`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as JSON' }).last().click();
  const path = await (await download).path();
  await page.getByLabel('File to import').setInputFiles(path);
  await page.getByText('1 conversation added.').waitFor();
  await expect.poll(() => list(page).getByRole('link', { name: 'Keep this too' }).count()).toBe(2);
});

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

test('a deleted conversation can be had back for twenty seconds, and is open again then', async () => {
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
  await page.getByRole('button', { name: 'Delete the prompt Proofread' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await composer(page).fill('');
  await composer(page).pressSequentially('/proof');
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

/** As ChatGPT exports it, most of it metadata that nobody reads. */
const exported = (title: string, role: unknown = 'user') => ({
  title,
  create_time: 1_700_000_000,
  update_time: 1_700_000_000,
  mapping: {
    a: {
      parent: null,
      message: {
        author: { role },
        content: { parts: [`Tell me of ${title}`] },
        metadata: { citations: [title.repeat(14_000)] },
      },
    },
  },
});

/** Keeps back what the page wants to import until it may go on; gives how to let it. */
async function holdImports(page: Page): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('ImportConversations')) await promise;
    await route.continue();
  });
  return async () => {
    resolve();
    await page.unrouteAll({ behavior: 'wait' });
  };
}

const picks = (page: Page, conversations: readonly object[]) =>
  page.getByLabel('File to import').setInputFiles({
    name: 'conversations.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(conversations)),
  });

test('a file beyond what one request holds is read beside the page, and what can’t be read is named', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  const many = Array.from({ length: 30 }, (_, n) => exported(`Whale no. ${n}`));
  expect(JSON.stringify(many).length).toBeGreaterThan(4_200_000);
  await page.goto(`${app.url}/settings`);
  const letGo = await holdImports(page);
  const worker = page.waitForEvent('worker');
  await picks(page, [...many, exported('A broken one', 7)]);
  expect((await worker).url()).toContain('import-worker');
  await page.getByRole('progressbar', { name: '0 of 31 conversations' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await letGo();
  await page.getByText('30 conversations added.').waitFor();
  await page.getByRole('listitem').filter({ hasText: 'A broken one' }).waitFor();
});

test('an import is cancelled, and what it has brought is not added again by the next', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  const two = [exported('One'), exported('Two')];
  await page.goto(`${app.url}/settings`);
  const letGo = await holdImports(page);
  await picks(page, two);
  await page.getByRole('progressbar', { name: '0 of 2 conversations' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await letGo();
  await page.getByText('Cancelled. 2 conversations added.').waitFor();
  await picks(page, [...two, exported('Three')]);
  await page.getByText('1 conversation added. 2 conversations were here already.').waitFor();
});

test('a file that is no export is refused, and the page says what to do', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await page.goto(`${app.url}/settings`);
  const picks = (name: string, text: string) =>
    page
      .getByLabel('File to import')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await picks('other.json', '{"hello":1}');
  await page.getByRole('alert').getByText('not an export').waitFor();
  await picks('export.zip', 'PK\u0003\u0004');
  await page.getByRole('alert').getByText('Unpack it').waitFor();
});

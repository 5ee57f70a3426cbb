import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage, composer } from '../support/chat-page.ts';
import { says, waits } from '../support/fake-model.ts';

test('messages that are written while an answer runs are sent in order, as they read at last', async () => {
  const app = await testApp();
  app.model.answerNext(waits());
  app.model.answer(says('Answered.'));
  const { page } = await chatPage(app);
  await ask(page, 'First');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await ask(page, 'Second');
  await ask(page, 'Third');
  await page.getByRole('textbox', { name: 'Queued text 1' }).fill('Second, changed');
  expect(await axeFindings(page)).toEqual([]);

  await app.model.says('Hello.');
  await app.model.finishes();
  const last = (await app.model.received(3)).body.messages as { content: string }[];
  expect(last.map(({ content }) => content)).toEqual([
    'First',
    'Hello.',
    'Second, changed',
    'Answered.',
    'Third',
  ]);
  await page.getByRole('list', { name: 'Queued messages' }).waitFor({ state: 'detached' });
});

test('after a stop nothing is sent by itself, and a reload loses nothing of what waits', async () => {
  const app = await testApp();
  app.model.answerNext(waits());
  const { page } = await chatPage(app);
  await ask(page, 'First');
  await app.model.says('Hello');
  await page.getByText('Hello', { exact: true }).waitFor();
  await ask(page, 'Second');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Not sent yet').waitFor();
  await page.reload();
  const waiting = page.getByRole('textbox', { name: 'Queued text 1' });
  await expect.poll(() => waiting.inputValue()).toBe('Second');
  expect(app.model.requests.length).toBe(1);
  await page.getByRole('button', { name: 'Send now' }).click();
  await app.model.received(2);
  await waiting.waitFor({ state: 'detached' });
});

test('a selection is quoted into the field, by the button and by the keyboard', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await ask(page, 'Say hello');
  const answer = page.getByText('Hello, world!');
  await answer.waitFor();
  await answer.selectText();
  await page.keyboard.press('Control+Shift+Period');
  await expect.poll(() => composer(page).inputValue()).toBe('> Hello, world!\n\n');
  await page.locator('main textarea[placeholder]:focus').waitFor();
});

test('the list of shortcuts opens with a question mark, which in the field is only text', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await composer(page).focus();
  await page.keyboard.press('?');
  await expect.poll(() => composer(page).inputValue()).toBe('?');
  await page.getByRole('log').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Escape');
  await page.locator('main textarea[placeholder]:focus').waitFor();
});

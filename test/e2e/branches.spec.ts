import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage } from '../support/chat-page.ts';
import { says, waits } from '../support/fake-model.ts';

test('an edited question is another branch, and both are one click away', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  app.model.answerNext(says('About cats.'), says('About dogs.'));
  await ask(page, 'Tell me of cats');
  await page.getByText('About cats.').waitFor();
  await page.getByRole('button', { name: 'Edit message' }).click();
  await page.getByRole('textbox', { name: 'Edit your message' }).fill('Tell me of dogs');
  await page.keyboard.press('Enter');
  await page.getByText('About dogs.').waitFor();
  await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await page.getByText('About cats.').count()).toBe(0);

  await page.getByRole('button', { name: 'Previous version' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('About cats.').waitFor();
  await page.getByRole('group', { name: 'Version 1 of 2' }).locator(':focus').waitFor();
  await page.reload();
  await page.getByText('About cats.').waitFor();
  await page.getByRole('group', { name: 'Version 1 of 2' }).waitFor();
});

test('an answer that is asked for again stands beside the first one', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  app.model.answerNext(says('One way.'), says('Another way.'));
  await ask(page, 'How?');
  await page.getByText('One way.').waitFor();
  await page.getByRole('button', { name: 'Answer again' }).click();
  await page.getByText('Another way.').waitFor();
  await page.getByRole('main').locator(':focus').waitFor();
  await page.getByRole('group', { name: 'Answer 2 of 2' }).waitFor();
  await page.getByRole('button', { name: 'Previous answer' }).click();
  await page.getByText('One way.').waitFor();
});

test('a stopped answer can be continued where it stopped', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  app.model.answerNext(waits(), says(' and three.'));
  await ask(page, 'Count');
  await app.model.says('One, two');
  await page.getByText('One, two').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('One, two and three.').waitFor();
});

test('a thumb is kept with its reason, and seen after a reload', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await ask(page, 'Hello');
  await page.getByRole('button', { name: 'Bad answer' }).click();
  await page.getByRole('textbox', { name: /Why/ }).fill('Too short');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: /Why/ }).waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('button', { name: 'Bad answer', pressed: true }).waitFor();
  const rows = await app.rows('select rating, rating_note from message where rating is not null');
  expect(rows).toEqual([{ rating: 'down', rating_note: 'Too short' }]);
});

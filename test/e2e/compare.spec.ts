import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage, composer } from '../support/chat-page.ts';
import { refuses, says, waits } from '../support/fake-model.ts';
import { png } from '../support/files.ts';

const NAMES = ['alpha', 'beta', 'gamma'];

const threeModels = (): Promise<TestApp> =>
  testApp({
    config: (model) => {
      model.models = NAMES.map((name) => `${name}-1`);
      return {
        models: NAMES.map((name) => ({
          name,
          input_cost_per_million: 1000,
          output_cost_per_million: 2000,
          max_output_tokens: 1000,
          input_modalities: name === 'alpha' ? ['text'] : ['text', 'image'],
          endpoints: [{ url: model.url, model: `${name}-1` }],
        })),
      };
    },
  });

/** Opens a new chat and chooses all three models. */
async function comparing(app: TestApp) {
  const opened = await chatPage(app);
  const { page } = opened;
  await page.getByRole('button', { name: 'Model: alpha' }).click();
  await page.getByRole('option', { name: 'Compare models…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Compare models' });
  await dialog.getByRole('checkbox', { name: /beta/ }).check();
  await dialog.getByRole('checkbox', { name: /gamma/ }).check();
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Compare 3 models' }).click();
  await page.getByRole('button', { name: 'Models: alpha +2 (beta, gamma)' }).waitFor();
  return opened;
}

test('one question is answered by three models side by side, each stopped by itself, and one goes on', async () => {
  const app = await threeModels();
  app.model.answer(waits());
  const { page } = await comparing(app);
  await ask(page, 'Who are you?');
  const columns = page.getByRole('region', { name: 'Answers of 3 models' }).locator(':scope > div');
  await columns.nth(2).waitFor();
  const [first, second, third] = await Promise.all([1, 2, 3].map((n) => app.model.received(n)));
  expect([first, second, third].map((request) => request?.body.model)).toEqual([
    'alpha-1',
    'beta-1',
    'gamma-1',
  ]);
  first?.says('I am alpha.');
  second?.says('I am beta.');
  third?.says('I am gamma.');
  for (const name of NAMES) await columns.filter({ hasText: `I am ${name}.` }).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('button', { name: 'Stop beta' }).click();
  await second?.closedByClient;
  await columns.nth(1).getByText('Stopped.').waitFor();
  first?.finishes();
  third?.finishes();
  await page.getByRole('list', { name: 'About this answer' }).nth(2).waitFor();
  expect(await page.getByRole('log').getByText('Who are you?').count()).toBe(1);
  await page.reload();
  await columns.nth(2).waitFor();

  await page.getByRole('button', { name: 'Go on with this one (gamma)' }).click();
  await columns.first().waitFor({ state: 'detached' });
  await page.getByRole('group', { name: 'Answer 3 of 3' }).waitFor();
  await page.getByRole('button', { name: 'Model: gamma' }).waitFor();
  app.model.answer(says('Still gamma.'));
  await ask(page, 'And now?');
  await page.getByText('Still gamma.').waitFor();
  const heard = (await app.model.received(4)).body;
  expect(heard.model).toBe('gamma-1');
  expect(heard.messages).toEqual([
    { role: 'user', content: 'Who are you?' },
    { role: 'assistant', content: 'I am gamma.' },
    { role: 'user', content: 'And now?' },
  ]);

  await page.getByRole('button', { name: 'Show the answers side by side' }).click();
  await columns.nth(2).waitFor();
});

test('a model that fails does not keep the others from answering, and only it is asked again', async () => {
  const app = await threeModels();
  app.model.answerNext(says('First.'), refuses(400, 'Not today'), says('Third.'));
  const { page } = await comparing(app);
  await ask(page, 'All of you?');
  const columns = page.getByRole('region', { name: 'Answers of 3 models' }).locator(':scope > div');
  await page.getByText('Third.').waitFor();
  const [alpha, beta] = [columns.nth(0), columns.nth(1)];
  await alpha.getByText('First.').waitFor();
  app.model.answerNext(says('Second, at last.'));
  await beta.getByRole('alert').getByRole('button', { name: 'Retry' }).click();
  await beta.getByText('Second, at last.').waitFor();
  expect((await app.model.received(4)).body.model).toBe('beta-1');
  await beta.getByRole('group', { name: 'Answer 2 of 2' }).waitFor();
  await page.getByText('What you say next follows the answer of alpha').waitFor();
  expect(await composer(page).isEnabled()).toBe(true);
});

test('the first model may refuse the question: the others answer it, and the page says why one does not', async () => {
  const app = await threeModels();
  app.model.answer(says('A picture.'));
  const { page } = await comparing(app);
  await page
    .getByLabel('Files for the message')
    .setInputFiles({ name: 'chart.png', mimeType: 'image/png', buffer: png(32, 20) });
  await ask(page, 'What is this?');
  await page.getByRole('region', { name: 'Answers of 2 models' }).waitFor();
  await page.getByRole('alert').getByText('alpha: “alpha” can’t see images.').waitFor();
  const asked = await Promise.all([1, 2].map((n) => app.model.received(n)));
  expect(asked.map(({ body }) => body.model)).toEqual(['beta-1', 'gamma-1']);
  expect(await page.getByRole('log').getByText('What is this?').count()).toBe(1);
  expect(await composer(page).inputValue()).toBe('');
});

test('what is written meanwhile waits for all answers, and follows the one that the conversation goes on from', async () => {
  const app = await threeModels();
  app.model.answer(waits());
  const { page } = await comparing(app);
  await ask(page, 'First');
  const [alpha, beta] = await Promise.all([1, 2, 3].map((n) => app.model.received(n)));
  await ask(page, 'Second');
  await page.getByText('Sent when all answers are finished').waitFor();
  alpha?.says('I am alpha.');
  alpha?.finishes();
  await page.getByRole('list', { name: 'About this answer' }).waitFor();
  await page.getByRole('button', { name: 'Stop gamma' }).click();
  await page.getByText('Stopped.').waitFor();
  await page.getByText('Sent when the answer is finished').waitFor();
  expect(app.model.requests.length).toBe(3);

  app.model.answer(says('Again.'));
  beta?.says('I am beta.');
  beta?.finishes();
  const next = await Promise.all([4, 5, 6].map((n) => app.model.received(n)));
  expect(next.map(({ body }) => body.model)).toEqual(['alpha-1', 'beta-1', 'gamma-1']);
  for (const { body } of next)
    expect(body.messages).toEqual([
      { role: 'user', content: 'First' },
      { role: 'assistant', content: 'I am alpha.' },
      { role: 'user', content: 'Second' },
    ]);
  await page.getByRole('list', { name: 'Queued messages' }).waitFor({ state: 'detached' });
});

test('on a phone the answers stand in a row that is swept, and nothing else moves sideways', async () => {
  const app = await threeModels();
  app.model.answer(
    says('A longer answer with a_very_long_word_that_can_not_be_broken_anywhere_at_all.'),
  );
  const { page } = await comparing(app);
  await page.setViewportSize({ width: 320, height: 640 });
  await ask(page, 'Small?');
  const columns = page.getByRole('region', { name: 'Answers of 3 models' });
  await page.getByRole('list', { name: 'About this answer' }).nth(2).waitFor();
  expect(await columns.evaluate((row) => row.scrollWidth > row.clientWidth)).toBe(true);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  await columns.focus();
  await page.keyboard.press('End');
  expect(await axeFindings(page)).toEqual([]);
});

import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage } from '../support/chat-page.ts';
import { says } from '../support/fake-model.ts';

test('a conversation is printed whole, on white, and without anything around it', async () => {
  const app = await testApp();
  app.model.answer(says('So $e^{i\\pi}$ it is.\n\n```js\nconst long = "a line of code";\n```'));
  const { page } = await chatPage(app, { colorScheme: 'dark' });
  for (let turn = 1; turn <= 6; turn += 1) {
    await ask(page, `Question number ${turn}`);
    await page
      .getByRole('list', { name: 'About this answer' })
      .nth(turn - 1)
      .waitFor();
  }
  await page.addInitScript("window.print = () => document.body.setAttribute('data-printed', '')");
  await page.reload();
  await page.getByText('Question number 6').first().waitFor();
  await page.keyboard.press('Control+p');
  await page.getByRole('link', { name: 'Back to the conversation' }).waitFor();
  await page.locator('body[data-printed]').waitFor();
  expect(await page.locator('.katex').count()).toBe(6);
  expect(await page.getByRole('heading', { name: 'Answer by fake' }).count()).toBe(6);
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('button', { name: 'Print' }).isVisible()).toBe(false);
  const ground = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  expect(ground).toBe('rgb(255, 255, 255)');

  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('link', { name: 'Back to the conversation' }).click();
  await page.getByRole('button', { name: 'More about Question number 1' }).click();
  await page.getByRole('menuitem', { name: 'Print' }).click();
  await page.getByRole('button', { name: 'Print' }).waitFor();
});

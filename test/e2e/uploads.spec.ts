import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage, composer } from '../support/chat-page.ts';
import { pdf, png } from '../support/files.ts';

const picture = { name: 'chart.png', mimeType: 'image/png', buffer: png(320, 200) };
const document = {
  name: 'Über Münzen.pdf',
  mimeType: 'application/pdf',
  buffer: pdf('Coins are integers.'),
};

/** Scripts of the page, as texts: the page's words are not those of Node. */
const DROPPED = `(() => {
  const files = new DataTransfer();
  files.items.add(new File(['x = 1'], 'script.py', { type: 'text/x-python' }));
  files.items.add(new File([new Uint8Array([127, 69, 76, 70, 0, 0])], 'tool.bin'));
  files.items.add(new File([new Uint8Array(1_200_000)], 'large.txt'));
  return files;
})()`;
const PASTE = `(() => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File(['a,b'], 'table.csv'));
  const field = document.querySelector('main textarea');
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
})()`;

const chips = (page: Page) =>
  page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
const pick = (page: Page, ...files: (typeof picture)[]) =>
  page.getByLabel('Files for the message').setInputFiles(files);

test('an image and a PDF are attached, asked about, still there after a reload, and asked about again', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await pick(page, picture, document);
  await chips(page).filter({ hasText: 'chart.png' }).locator('img').waitFor();
  await chips(page)
    .filter({ hasText: /Über Münzen.pdf.* B/ })
    .waitFor();
  await ask(page, 'What do you see?');
  await page.getByText('Hello, world!').waitFor();
  expect(await chips(page).count()).toBe(0);

  await page.reload();
  const image = page.getByRole('img', { name: 'chart.png' });
  await image.waitFor();
  await expect
    .poll(() => image.evaluate((element) => Reflect.get(element, 'naturalWidth')))
    .toBe(320);
  const link = page.getByRole('link', { name: 'Über Münzen.pdf' });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toBe('Über Münzen.pdf');
  await page.getByRole('button', { name: 'chart.png' }).click();
  await page.getByRole('dialog', { name: 'chart.png' }).getByRole('img').waitFor();
  await page.keyboard.press('Escape');

  await ask(page, 'And now?');
  const { messages } = (await app.model.received(2)).body as { messages: unknown[] };
  expect(messages).toMatchObject([
    {
      content: [
        { type: 'text', text: expect.stringContaining('Coins are integers.') },
        { type: 'image_url' },
        { type: 'text', text: 'What do you see?' },
      ],
    },
    { role: 'assistant' },
    { content: 'And now?' },
  ]);
});

test('files are dropped anywhere and pasted; one that is refused leaves the others and the text alone', async () => {
  const app = await testApp({ config: { chat: { upload: { max_size_mb: 1 } } } });
  const { page } = await chatPage(app);
  await composer(page).fill('Half a thought');
  const transfer = await page.evaluateHandle(DROPPED);
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
  await page.getByText('Drop files to add them').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await chips(page)
    .filter({ hasText: /script.py\s*5 B/ })
    .waitFor();
  await chips(page).filter({ hasText: "“tool.bin” can't be read." }).waitFor();
  await chips(page)
    .filter({ hasText: '“large.txt” is 1.2 MB; at most 1 MB may be uploaded.' })
    .waitFor();
  expect(await page.getByText('Drop files to add them').count()).toBe(0);

  await page.evaluate(PASTE);
  await chips(page).filter({ hasText: 'table.csv' }).waitFor();
  for (const name of ['tool.bin', 'large.txt', 'script.py'])
    await page.getByRole('button', { name: `Remove ${name}` }).click();
  expect(await composer(page).inputValue()).toBe('Half a thought');
  await chips(page)
    .filter({ hasText: /table.csv\s*3 B/ })
    .waitFor();

  await page.reload();
  await chips(page)
    .filter({ hasText: /table.csv\s*3 B/ })
    .waitFor();
  await composer(page).press('Enter');
  await page.getByRole('link', { name: 'table.csv' }).waitFor();
  expect((await app.model.received()).body.messages).toMatchObject([
    { content: expect.stringMatching(/^\[Document: table.csv\].*Half a thought$/s) },
  ]);
});

test('by keyboard alone: a file is chosen and removed, and the focus stays; axe finds nothing', async () => {
  const app = await testApp();
  const { page } = await chatPage(app, { viewport: { width: 320, height: 700 } });
  const button = page.getByRole('button', { name: 'Add files' });
  // Asked for before the focus is: a browser that is told of it together with the key may show its own dialog.
  const chosen = page.waitForEvent('filechooser');
  await button.focus();
  await page.keyboard.press('Enter');
  const chooser = await chosen;
  expect(chooser.isMultiple()).toBe(true);
  await chooser.setFiles([picture, document]);
  await chips(page).nth(1).waitFor();
  await page.getByText('Reading…').waitFor({ state: 'detached' });
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Remove chart.png' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-remove]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('main textarea:focus').waitFor();
  expect(await chips(page).count()).toBe(0);
});

test('a picture alone can be sent while it is still on its way, and the question can be changed', async () => {
  const app = await testApp();
  const { page } = await chatPage(app);
  await pick(page, picture);
  await composer(page).press('Enter');
  await page.getByRole('img', { name: 'chart.png' }).waitFor();
  await page.getByText('Hello, world!').waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Edit message' }).click();
  await page.getByRole('textbox', { name: 'Edit your message' }).fill('Which colour?');
  await page.keyboard.press('Enter');
  const { messages } = (await app.model.received(2)).body as { messages: unknown[] };
  expect(messages).toMatchObject([
    { content: [{ type: 'image_url' }, { type: 'text', text: 'Which colour?' }] },
  ]);
});

test('where uploads are switched off, the button says so, and a dropped file is not taken', async () => {
  const app = await testApp({ config: { chat: { upload: { enabled: false } } } });
  const { page } = await chatPage(app);
  await page.getByRole('button', { name: 'Add files (switched off)' }).press('Enter');
  await page.getByText('an administrator has switched it off').waitFor();
  expect(await axeFindings(page)).toEqual([]);
});

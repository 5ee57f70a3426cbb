import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage } from '../support/chat-page.ts';
import { says, waits } from '../support/fake-model.ts';

const FLOW = 'flowchart TD\n  A[Question] --> B{Known?}\n  B -- yes --> C[Answer]';
const fenced = (source: string) => `\`\`\`mermaid\n${source}\n\`\`\`\n`;

test('a diagram is drawn once its block is closed, in a page without an origin, and shows its source', async () => {
  const app = await testApp();
  app.model.answer(waits());
  const { page } = await chatPage(app);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await ask(page, 'Draw it');
  await app.model.says(`Here:\n\n\`\`\`mermaid\n${FLOW}\n`);
  await page.locator('pre').getByText('Known?').waitFor();
  expect(asked).not.toContain('/diagram');
  await app.model.says('```\n\nThat is all.');
  const drawn = page.frameLocator('iframe[title="Diagram"]').locator('svg');
  await drawn.getByText('Known?').waitFor();
  await app.model.finishes();
  expect(await axeFindings(page)).toEqual([]);
  const frame = page.frames().find((each) => each.url().endsWith('/diagram'));
  expect(await frame?.evaluate('self.origin')).toBe('null');

  await page.getByRole('button', { name: 'Source', exact: true }).click();
  await page.locator('figure pre').getByText('flowchart TD').waitFor();
  await page.getByRole('button', { name: 'Source', pressed: true }).press('Enter');
  await drawn.getByText('Known?').waitFor();
  const height = () => page.locator('iframe[title="Diagram"]').evaluate((it) => it.clientHeight);
  await expect.poll(height, { timeout: 10_000 }).toBeGreaterThan(200);
});

test('a diagram that can’t be drawn is its source, with the reason', async () => {
  const app = await testApp();
  app.model.answer(says(fenced('flowchart TD\n  Question -->')));
  const { page } = await chatPage(app);
  await ask(page, 'Draw it badly');
  await page.getByText('This diagram can’t be drawn.').waitFor();
  await page.locator('figure pre').getByText('Question -->').waitFor();
  expect(await page.locator('iframe').count()).toBe(0);
  expect(await axeFindings(page)).toEqual([]);
});

test('no link of a hostile diagram leads to a script, and its page may neither load nor reach anything', async () => {
  const app = await testApp();
  const hostile = [
    '%%{init: {"securityLevel": "loose", "htmlLabels": true}}%%',
    'flowchart TD',
    '  A["<a href=\'javascript:parent.hacked=1\'>Press</a>"] --> B',
    '  click A "javascript:top.location=1"',
    '  click B call alert()',
  ].join('\n');
  app.model.answer(says(fenced(hostile)));
  const { page } = await chatPage(app);
  await ask(page, 'Draw it');
  const frame = page.frameLocator('iframe[title="Diagram"]');
  await frame.locator('svg').getByText('B', { exact: true }).waitFor();
  const links = await frame.locator('a').evaluateAll((all) => all.map((it) => it.outerHTML));
  expect(links.join()).not.toContain('javascript');
  const headers = (await page.request.get(`${app.url}/diagram`)).headers();
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/=]+'; .*sandbox allow-scripts; frame-ancestors 'self'$/,
  );
  expect(headers['x-frame-options']).toBe('SAMEORIGIN');
});

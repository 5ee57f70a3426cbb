// R47: whatever a model, a provider or a person writes, wherever it is shown.
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/actors.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { openBrowser } from '../support/browser.ts';
import { says } from '../support/fake-model.ts';
import { HOSTILE } from '../support/hostile-outputs.ts';

const NAME = '<img src=x onerror="document.title=\'owned\'">[x](javascript:1)';
/** Shows much at once, so that little has to be scrolled. */
const TALL = { width: 1280, height: 6_000 };

let app: TestApp;
let person: Person;
let conversationId: string;
beforeAll(async () => {
  app = await startApp();
  person = await app.person('dev@example.com');
  for (const output of HOSTILE) {
    app.model.answerNext(says(output));
    const input = conversationId ? { conversationId } : {};
    const { conversation, assistantMessage } = await person.says(output, input);
    conversationId = conversation.id;
    await person.awaits(assistantMessage.id);
  }
  await person.asks(
    'mutation ($id: ID!, $title: String!) { renameConversation(id: $id, title: $title) { id } }',
    {
      id: conversationId,
      title: NAME,
    },
  );
});
afterAll(() => app.close());

interface Watched {
  readonly page: Page;
  /** Each thing that happened and must not. */
  harm(): Promise<string[]>;
}

/** A page that sees what is asked of other hosts, and what opens and leads away. How long it takes: test/client/ui/hostile.test.ts. */
async function watched(): Promise<Watched> {
  const browser: BrowserContext = await openBrowser({ viewport: TALL });
  const harm: string[] = [];
  browser.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(app.url))
      harm.push(`asked ${request.url()}`);
  });
  browser.on('page', (page) => harm.push(`opened ${page.url()}`));
  const page = await browser.newPage();
  harm.length = 0;
  page.on('dialog', (dialog) => harm.push(`said ${dialog.message()}`));
  await page.goto(`${app.url}/devlogin`);
  return {
    page,
    async harm() {
      if ((await page.title()).startsWith('owned')) harm.push('ran a script');
      if (!page.url().startsWith(app.url)) harm.push(`went to ${page.url()}`);
      const found = await page
        .locator(
          'a[href^="javascript" i], a[href^="data" i], main iframe:not([sandbox]), main object, main embed',
        )
        .count();
      return [...harm, ...(found > 0 ? [`${found} elements that do harm`] : [])];
    },
  };
}

const opened = async (path: string): Promise<Watched> => {
  const seen = await watched();
  await seen.page.goto(app.url + path);
  return seen;
};

test('R47 hostile answers and questions do no harm in the chat', async () => {
  expect(HOSTILE).toHaveLength(41);
  const { page, harm } = await opened(`/c/${conversationId}`);
  const log = page.getByRole('log');
  const answers = page.getByRole('article', { name: 'Answer by fake' });
  await answers.last().waitFor();
  // What has never come near is not drawn.
  const drawnAbove = async () => {
    await log.evaluate((element) => element.scrollBy(0, -element.clientHeight));
    return answers.count();
  };
  await expect.poll(drawnAbove, { timeout: 40_000 }).toBe(HOSTILE.length);
  expect(await harm()).toEqual([]);
});

test('R47 hostile answers and questions do no harm where they are printed', async () => {
  const { page, harm } = await opened(`/print/${conversationId}`);
  const answers = page.getByRole('heading', { name: 'Answer by fake' });
  await expect.poll(() => answers.count(), { timeout: 30_000 }).toBe(HOSTILE.length);
  await page.locator('.katex').first().waitFor();
  await page.locator('iframe[sandbox]').first().waitFor();
  expect(await harm()).toEqual([]);
});

test('R47 names are shown as they are written, whoever gave them', async () => {
  await app.rows('update account set name = $1', NAME);
  await person.asks(
    `mutation ($name: String!) { createProject(name: $name, ownerEmail: "dev@example.com") { id }
      createApiKey(name: $name) { secret } }`,
    { name: NAME },
  );
  const { page, harm } = await watched();
  for (const path of ['/admin', '/admin/audit', '/projects', '/settings']) {
    await page.goto(app.url + path);
    await page.getByRole('main').getByText(NAME).first().waitFor();
  }
  expect(await harm()).toEqual([]);
});

import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings } from '../support/browser.ts';
import { ask, chatPage } from '../support/chat-page.ts';

test('what was deleted is listed with the time that it has left, and is restored or let go', async () => {
  const app = await testApp({ config: { chat: { purge_after_days: 30 } } });
  const { page } = await chatPage(app);
  const side = page.getByRole('navigation', { name: 'Conversations' });
  for (const title of ['Keep me', 'Lose me']) {
    await page.getByRole('link', { name: 'New chat' }).click();
    await ask(page, title);
    await page.getByRole('list', { name: 'About this answer' }).waitFor();
    await page.getByRole('button', { name: `More about ${title}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await side.getByText(title).waitFor({ state: 'detached' });
  }
  await page.goto(`${app.url}/settings`);
  await page.getByRole('link', { name: 'Deleted conversations' }).click();
  await page.getByRole('heading', { name: 'Deleted conversations' }).waitFor();
  await page.getByText('Gone in 29 days').nth(1).waitFor();
  expect(await axeFindings(page)).toEqual([]);

  await page.getByRole('button', { name: 'Restore “Keep me”' }).click();
  await side.getByText('Keep me').waitFor();
  await page.getByRole('button', { name: 'Delete for good “Lose me”' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('Nothing that you deleted can be brought back.').waitFor();
  expect(await app.rows('SELECT title, hidden_at FROM conversation')).toEqual([
    { title: 'Keep me', hidden_at: null },
  ]);
});

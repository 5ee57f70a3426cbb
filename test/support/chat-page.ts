// What journeys in the chat have in common.
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { TestApp } from './app.ts';
import { openBrowser } from './browser.ts';

export interface ChatPage {
  readonly browser: BrowserContext;
  readonly page: Page;
}

/** A new chat of somebody who is signed in. */
export async function chatPage(app: TestApp, options?: BrowserContextOptions): Promise<ChatPage> {
  const browser = await openBrowser(options);
  const page = await browser.newPage();
  await page.goto(`${app.url}/devlogin`);
  await composer(page).waitFor();
  return { browser, page };
}

export const composer = (page: Page) =>
  page.getByRole('main').getByRole('textbox', { name: 'Message', exact: true });

export async function ask(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

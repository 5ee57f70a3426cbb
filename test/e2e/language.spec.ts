import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { axeFindings, openBrowser } from '../support/browser.ts';
import { answers, refuses } from '../support/fake-model.ts';

const languageOf = (page: Page) => page.locator('html').getAttribute('lang');
const field = (page: Page) => page.getByRole('textbox', { name: 'Mensaje', exact: true });

async function asks(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Enter');
}

async function isFit(page: Page): Promise<void> {
  expect(await axeFindings(page), page.url()).toEqual([]);
  const width: number = await page.evaluate('document.documentElement.scrollWidth');
  expect(width, page.url()).toBeLessThanOrEqual(320);
}

test('whose browser asks for Spanish reads Spanish, from signing in to the answer and its figures', async () => {
  const app = await testApp();
  app.model.answerNext(
    answers({ texts: ['Hola.'], usage: { prompt_tokens: 12_345, completion_tokens: 6 } }),
  );
  const page = await (await openBrowser({ locale: 'es-ES' })).newPage();
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Continuar como' }).click();
  await asks(page, 'Saluda');
  await page.getByText('Hola.', { exact: true }).waitFor();
  await page.getByRole('complementary').getByText('Hoy', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Detalles de esta respuesta' }).click();
  await page.getByText('12.345', { exact: true }).waitFor();
  expect(await languageOf(page)).toBe('es');

  await page.goto(`${app.url}/usage`);
  const read = page.locator('dl > div').filter({ hasText: 'Tokens leídos' });
  await read.getByText(/^12,3\smil$/).waitFor();
});

test('a refusal is told in the language of the page', async () => {
  const app = await testApp();
  app.model.answerNext(refuses(400, 'I do not like this.'));
  const page = await (await openBrowser({ locale: 'es-ES' })).newPage();
  await page.goto(`${app.url}/devlogin`);
  await asks(page, 'Saluda');
  await page.getByText('El modelo ha rechazado esta solicitud.').waitFor();
});

test('a chosen language is stronger than that of the browser, also after a reload, and costs no draft', async () => {
  const app = await testApp();
  const page = await (await openBrowser({ locale: 'es-MX' })).newPage();
  await page.goto(`${app.url}/devlogin`);
  await field(page).fill('A thought that is not finished');
  await page.getByRole('link', { name: /Ajustes/ }).click();
  await page.getByRole('group', { name: 'Idioma' }).getByRole('radio', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Language', exact: true }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Language', exact: true }).waitFor();
  expect(await languageOf(page)).toBe('en');
  await page.goto(app.url);
  const draft = page.getByRole('textbox', { name: 'Message', exact: true });
  await expect.poll(() => draft.inputValue()).toBe('A thought that is not finished');
});

test('a visitor whose language is not spoken reads English, and can choose', async () => {
  const app = await testApp();
  const page = await (await openBrowser({ locale: 'fr-FR' })).newPage();
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Continue as' }).waitFor();
  expect(await languageOf(page)).toBe('en');
  await page
    .getByRole('group', { name: 'Language' })
    .getByRole('radio', { name: 'Español' })
    .click();
  await page.getByRole('link', { name: 'Continuar como' }).waitFor();
  expect(await languageOf(page)).toBe('es');
  expect(await axeFindings(page)).toEqual([]);
});

test('Spanish, whose words are longer, fits a narrow screen', async () => {
  const app = await testApp();
  const browser = await openBrowser({ locale: 'es-ES', viewport: { width: 320, height: 640 } });
  const page = await browser.newPage();
  await page.goto(`${app.url}/devlogin`);
  await asks(page, 'Saluda');
  await page.getByText('Hello, world!').waitFor();
  await page.getByRole('button', { name: 'Detalles de esta respuesta' }).waitFor();
  await isFit(page);
  for (const [path, name] of [
    ['/settings', 'Ajustes'],
    ['/admin/endpoints', 'Administración: Endpoints'],
  ] as const) {
    await page.goto(`${app.url}${path}`);
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await isFit(page);
  }
});

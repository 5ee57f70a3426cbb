import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { pdf } from '../../support/files.ts';
import { BOMBS } from './bombs.ts';
import { tryUpload, uploads } from './uploading.ts';

let app: TestApp;
let mallory: Person;
beforeAll(async () => {
  app = await startApp();
  mallory = await app.person();
});
afterAll(() => app.close());

test.each(BOMBS)(
  'R48: %s harms nobody, and its sender is told what is wrong',
  async (_what, name, bytes, fate) => {
    const file = bytes();
    const begun = performance.now();
    const { upload, reason, code, message } = await tryUpload(mallory, file, name);
    expect(upload ? `taken as ${upload.mediaType}` : (reason ?? code), message).toBe(fate);
    expect(performance.now() - begun).toBeLessThan(10_000);
    if (!upload) expect(message).not.toMatch(/Something went wrong|malformed|root:/);
  },
);

test('R48: while bombs are taken apart, others are answered at once, and their documents are read after them', async () => {
  const ada = await app.person();
  const heavy = BOMBS.filter(([what]) => /gigabyte|million paragraphs|packed twice/.test(what));
  const bombing = Promise.all(
    heavy.slice(0, 4).map(([, name, bytes]) => tryUpload(mallory, bytes(), name)),
  );
  let isOver = false;
  void bombing.finally(() => {
    isOver = true;
  });
  const waits: number[] = [];
  do {
    const begun = performance.now();
    await ada.asks('{ viewer { id } }');
    waits.push(performance.now() - begun);
  } while (!isOver);
  expect(Math.max(...waits)).toBeLessThan(1_000);
  expect((await bombing).map(({ upload }) => upload)).toEqual([null, null, null, null]);
  expect((await uploads(ada, pdf('Hello'), 'a.pdf')).mediaType).toBe('application/pdf');
});

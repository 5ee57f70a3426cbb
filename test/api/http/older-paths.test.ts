import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

test.each([
  ['/clients', '/projects'],
  ['/clients/genomics?tab=keys', '/projects/genomics?tab=keys'],
  ['/services/12', '/projects/12'],
  ['/clients//evil.example', '/projects//evil.example'],
  ['/profile/project/7', '/projects/7'],
  ['/admin/analytics', '/usage'],
])('D-10 a bookmark of the older Lumen, %s, leads to %s', async (older, newer) => {
  const response = await fetch(app.url + older, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([301, newer]);
});

test('what only begins like an older address is left alone', async () => {
  expect((await fetch(`${app.url}/clientside`, { redirect: 'manual' })).status).not.toBe(301);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { errorOf, HELLO, keyOf, post } from './client.ts';

let app: TestApp;
let key: string;
beforeAll(async () => {
  app = await startApp();
  key = await keyOf(app);
});
afterAll(() => app.close());

test.each([
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens'].flatMap((limit) =>
    [0, -1, 1.5, '10', true, [], {}].map((value) => [limit, value] as const),
  ),
  ['stream', 'true'],
  ['stream', 1],
  ['stream_options', 'include_usage'],
  ['stream_options', [true]],
] as const)('%s of %j is refused, and no model sees it', async (param, value) => {
  const before = app.model.requests.length;
  const response = await post(app, { ...HELLO, [param]: value }, { key });
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toMatchObject({
    type: 'invalid_request_error',
    code: 'invalid_request',
    param,
  });
  expect(app.model.requests).toHaveLength(before);
});

test('a limit, a stream and its options that are null count as not said', async () => {
  const nothing = { max_tokens: null, stream: null, stream_options: null };
  const response = await post(app, { ...HELLO, ...nothing }, { key });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/json');
});

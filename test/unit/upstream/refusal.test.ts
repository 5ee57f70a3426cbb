import { expect, test } from 'vitest';
import { cleaned, refusalMessage } from '../../../server/upstream/refusal-message.ts';
import { retryAfterSeconds, statusFailure } from '../../../server/upstream/status-failure.ts';

const endpoint = {
  id: 'e1',
  url: 'http://gpu-7.example:8000/v1',
  apiKey: 'tiny-secret',
  model: 'm',
};

test.each([
  ['OpenAI', { error: { message: 'too long', type: 'x' } }, 'too long'],
  ['Ollama', { error: 'too long' }, 'too long'],
  ['flat', { message: 'too long' }, 'too long'],
  ['vLLM', { object: 'error', message: 'too long', code: 400 }, 'too long'],
  ['FastAPI', { detail: 'too long' }, 'too long'],
  [
    'FastAPI faults',
    { detail: [{ loc: ['body', 'messages', 0], msg: 'missing' }, { msg: 'bad' }, 7] },
    'body.messages.0: missing; bad',
  ],
  ['nothing', {}, null],
  ['an empty message', { message: ' ' }, null],
  ['a number', { message: 7, detail: 8, error: 9 }, null],
])('the message in the shape of %s', (_what, body, message) => {
  expect(refusalMessage(JSON.stringify(body), [])).toBe(message);
});

test.each(['', '<html>', '[]', 'Not found'])('%j has no message', (body) => {
  expect(refusalMessage(body, [])).toBeNull();
});

test.each([
  ['see https://gpu-7.example/docs?key=1 please', 'see […] please'],
  ['connect to 10.0.12.7:8000 failed', 'connect to […] failed'],
  ['connect to 10.0.12.7 failed', 'connect to […] failed'],
  ['connect to [fd00::7]:8000 failed', 'connect to […] failed'],
  ['connect to fd00::7 or ::1 failed', 'connect to […] or […] failed'],
  ['from fe80:0:0:0:1:2:3:4 came', 'from […] came'],
  ['worker vllm-0:8000 is gone', 'worker […] is gone'],
  ['worker gpu-7.cluster.local is gone', 'worker […] is gone'],
  ['key sk-proj-abcDEF123456 is bad', 'key […] is bad'],
  ['sent Bearer abc.def-ghi to it', 'sent […] to it'],
  ['id 0123456789abcdef0123456789abcdef', 'id […]'],
  ['my tiny-secret here', 'my […] here'],
  ['a\u0000b\r\nc\u001b[31m\u202ed', 'a b c [31m d'],
  ['messages.0.content: Llama-3.1-70B at 12:30, max_tokens: 4096', null],
  ["maximum context length is 8192 tokens (e.g. 'v1.2.3')", null],
])('%j is shown as %j', (text, shown) => {
  expect(cleaned(text, ['tiny-secret'])).toBe(shown ?? text);
});

test('a message has at most 500 characters and no half of a pair', () => {
  const long = cleaned(`${'é'.repeat(498)}🙂🙂🙂`, []);
  expect(long.length).toBeLessThanOrEqual(500);
  expect(long.isWellFormed()).toBe(true);
  expect(long.endsWith('…')).toBe(true);
});

test('a hostile message is cleaned in no time', () => {
  for (const text of ['a.'.repeat(1e6), 'a:'.repeat(1e6), '1.'.repeat(1e6), '['.repeat(1e6)]) {
    expect(cleaned(text, []).length).toBeLessThanOrEqual(500);
  }
});

const NOW = Date.parse('2026-11-22T12:00:00Z');
test.each([
  ['7', 7],
  [' 7 ', 7],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ['99999999', 86_400],
  ['soon', null],
  ['-7x', null],
  ['', null],
  [undefined, null],
])('Retry-After %j is %j seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, NOW)).toBe(seconds);
});

test.each([401, 403])('%i tells of refused credentials, in our words only', (status) => {
  const failure = statusFailure(endpoint, status, undefined, '{"message":"bad key sk-1"}');
  expect(failure).toMatchObject({
    code: 'UPSTREAM_FAILED',
    details: { reason: 'upstream_refused_credentials' },
  });
  expect(failure.message).toContain('credentials');
  expect(failure.message).not.toContain('bad key');
});

test.each([400, 404, 409, 413, 415, 422])('%i is the fault of the request', (status) => {
  const failure = statusFailure(endpoint, status, '7', '{"error":{"message":"at gpu-7.example"}}');
  expect(failure).toMatchObject({
    code: 'UPSTREAM_REFUSED',
    httpStatus: status,
    message: 'at […]',
    details: { status, retryAfterSeconds: 7 },
  });
});

test.each([300, 301, 402, 408, 418, 451, 500, 502, 503])(
  '%i is a failure of the server, told only to the log',
  (status) => {
    const failure = statusFailure(endpoint, status, undefined, '{"message":"CUDA"}');
    expect(failure).toMatchObject({ code: 'UPSTREAM_FAILED', httpStatus: 502 });
    expect(failure.message).toBe("The model's server failed. Please try again.");
    expect(String(failure.cause)).toContain(`${status}`);
    expect(String(failure.cause)).toContain('CUDA');
  },
);

import { describe, expect, test } from 'vitest';
import { answers, responds, says } from '../../support/fake-model.ts';
import { BODY, deltasOf, NEVER, upstreamOfEachTest } from './upstream.ts';

const up = upstreamOfEachTest();

describe('a request', () => {
  test('carries its body as it is and headers of Lumen only', async () => {
    await deltasOf(await up.stream());
    const { place, text, headers } = await up.model.received();
    expect([place, text]).toEqual(['POST /v1/chat/completions', BODY]);
    expect(headers).toEqual({
      accept: 'text/event-stream',
      'accept-encoding': 'identity',
      authorization: 'Bearer sk-fake',
      connection: 'keep-alive',
      'content-length': String(BODY.length),
      'content-type': 'application/json',
      host: new URL(up.model.url).host,
      'user-agent': 'lumen',
    });
  });

  test('has no authorization when the endpoint has no key', async () => {
    up.endpoint = { ...up.endpoint, apiKey: '' };
    await deltasOf(await up.stream());
    expect((await up.model.received()).headers).not.toHaveProperty('authorization');
  });

  test('of several megabytes arrives whole', async () => {
    const body = JSON.stringify({ stream: true, text: 'ä'.repeat(4_000_000) });
    const signal = NEVER;
    await deltasOf(await up.client.stream(up.endpoint, '/chat/completions', body, signal));
    expect((await up.model.received()).text).toBe(body);
  });
});

describe('a whole answer', () => {
  const call = (path = '/chat/completions') =>
    up.client.call(up.endpoint, path, '{"model":"m"}', new AbortController().signal);

  test('comes with its body, usage and length', async () => {
    up.model.answer(answers({ texts: ['Grüße'], reasoning: ['hm'] }));
    const answer = await call();
    expect(JSON.parse(answer.raw).choices[0].message.content).toBe('Grüße');
    expect(answer).toMatchObject({
      producedCharacters: 7,
      upstreamModel: 'm',
      usage: { inputTokens: 10, outputTokens: 5 },
    });
    expect((await up.model.received()).headers.accept).toBe('application/json');
  });

  test('may lack usage', async () => {
    up.model.answer(answers({ texts: ['x'], usage: null }));
    expect((await call()).usage).toBeNull();
  });

  test('of several megabytes arrives whole', async () => {
    const text = 'é'.repeat(5_000_000);
    up.model.answer(says(text));
    expect((await call()).producedCharacters).toBe(text.length);
  });
});

describe('the list of models', () => {
  test('holds the ids', async () => {
    up.model.models = ['a', 'b/c'];
    expect(await up.client.listModels(up.endpoint, 5000)).toEqual(['a', 'b/c']);
  });

  test.each([
    [{ object: 'list' }, 'upstream_not_an_answer'],
    ['<html>', 'upstream_not_an_answer'],
    [{ error: 'x' }, 'upstream_not_an_answer'],
  ])('is not %j', async (body, reason) => {
    up.model.modelsBehaviour = responds(200, body);
    await expect(up.client.listModels(up.endpoint, 5000)).rejects.toMatchObject({
      details: { reason },
    });
  });

  test('has to be there in time as a whole', async () => {
    up.model.modelsBehaviour = ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const dripping = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(dripping));
    };
    await expect(up.client.listModels(up.endpoint, 100)).rejects.toMatchObject({
      code: 'UPSTREAM_FAILED',
      details: { reason: 'upstream_too_slow' },
    });
  });
});

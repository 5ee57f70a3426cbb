import { describe, expect, test } from 'vitest';
import {
  refuses,
  resetsAfter,
  responds,
  respondsHtml,
  startFakeModel,
  waits,
} from '../../support/fake-model.ts';
import { serverThatAcceptsNobody, serverThatSays } from './bare-server.ts';
import { failed, PATIENT, upstreamOfEachTest } from './upstream.ts';

const up = upstreamOfEachTest();

/** What a server can do wrong before its answer begins. */
describe.each(['reads', 'call'] as const)('%s', (way) => {
  test.each([400, 404, 409, 413, 415, 422])('%i refuses with the cleaned words', async (status) => {
    up.model.answer(refuses(status, `too long, ask ${up.model.url}`));
    await expect(up[way]()).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
      httpStatus: status,
      message: 'too long, ask […]',
      details: { status },
    });
  });

  test('429 refuses and says when to try again', async () => {
    up.model.answer(responds(429, 'slow down', { 'retry-after': '7' }));
    await expect(up[way]()).rejects.toMatchObject({
      code: 'UPSTREAM_REFUSED',
      message: "The model's server is busy. Please try again later.",
      details: { status: 429, retryAfterSeconds: 7 },
    });
  });

  test.each([401, 403])('%i is told as refused credentials', async (status) => {
    up.model.answer(refuses(status, 'who are you'));
    await expect(up[way]()).rejects.toMatchObject(failed('refused_credentials'));
  });

  test.each([500, 502, 503, 402])('%i is a failure', async (status) => {
    up.model.answer(responds(status, { message: 'CUDA error' }));
    const failure = await up[way]().catch((reason) => reason);
    expect(failure).toMatchObject(failed('failed'));
    expect(failure.message).not.toContain('CUDA');
  });

  test('a redirect is a failure and is not followed', async () => {
    up.model.answer(responds(307, '', { location: `${up.model.url}/elsewhere` }));
    await expect(up[way]()).rejects.toMatchObject(failed('failed'));
    expect(up.model.requests).toHaveLength(1);
  });

  test('a refusal with an endless body is told all the same', async () => {
    up.model.answer((request) => {
      request.response.writeHead(422, { 'content-type': 'application/json' });
      request.response.write('x'.repeat(200_000));
    });
    await expect(up[way]()).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
    await up.model.closedByClient();
  });

  test('HTML is not an answer', async () => {
    up.model.answer(respondsHtml());
    await expect(up[way]()).rejects.toMatchObject(failed('not_an_answer'));
  });

  test('a compressed answer is not an answer', async () => {
    const type = way === 'reads' ? 'text/event-stream' : 'application/json';
    up.model.answer(responds(200, '{}', { 'content-type': type, 'content-encoding': 'gzip, br' }));
    await expect(up[way]()).rejects.toMatchObject(failed('not_an_answer'));
  });

  test('a reset before the head is a broken answer', async () => {
    up.model.answer(resetsAfter());
    await expect(up[way]()).rejects.toMatchObject(failed('broke_off'));
  });

  test('no answer in time is a time-out, and the connection is closed', async () => {
    up.model.answer(waits());
    const timeouts = { ...PATIENT, firstByteTimeoutMs: 50 };
    await expect(up[way](timeouts)).rejects.toMatchObject(failed('too_slow'));
    await up.model.closedByClient();
  });

  test('a head without a body is a time-out', async () => {
    const type = way === 'reads' ? 'text/event-stream' : 'application/json';
    up.model.answer(({ response }) => {
      response.writeHead(200, { 'content-type': type }).flushHeaders();
    });
    const timeouts = { ...PATIENT, firstByteTimeoutMs: 50 };
    await expect(up[way](timeouts)).rejects.toMatchObject(failed('too_slow'));
  });

  test('a server that nobody runs can not be reached', async () => {
    await up.model.close();
    await expect(up[way]()).rejects.toMatchObject(failed('unreachable'));
    up.model = await startFakeModel();
  });

  test.each([
    ...['http://169.254.169.254/latest', 'http://[::ffff:169.254.169.254]/v1'],
    ...['http://2852039166/v1', 'http://0xa9.0xfe.0xa9.0xfe', 'http://0251.0376.0251.0376'],
    ...['http://[fe80::1]/v1', 'http://[fd00:ec2::254]/v1'],
  ])('R49 %s, where a cloud keeps its credentials, is not connected to', async (url) => {
    up.endpoint = { ...up.endpoint, url };
    const failure = await up[way]().catch((reason) => reason);
    expect(failure).toMatchObject(failed('unreachable'));
    expect(failure.cause).toMatchObject({ code: 'ERR_IP_BLOCKED' });
  });

  test('a connection that does not come about in time can not be reached', async () => {
    const full = await serverThatAcceptsNobody();
    up.endpoint = { ...up.endpoint, url: full.url };
    const timeouts = { ...PATIENT, connectTimeoutMs: 50 };
    await expect(up[way](timeouts)).rejects.toMatchObject(failed('unreachable'));
    await full.close();
  });

  test('something that is not HTTP is not an answer', async () => {
    const server = await serverThatSays('SSH-2.0-OpenSSH_9.2\r\n');
    up.endpoint = { ...up.endpoint, url: server.url };
    await expect(up[way]()).rejects.toMatchObject(failed('not_an_answer'));
    await server.close();
  });
});

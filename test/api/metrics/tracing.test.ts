import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { answers, responds } from '../../support/fake-model.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';

type Value = { stringValue?: string; intValue?: number; doubleValue?: number };
interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: OtlpSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;

/** A collector that takes OTLP over HTTP, as every tracing system offers one. */
async function collector() {
  const received: Export[] = [];
  const server = createServer(async (request, response) => {
    if (request.url !== '/v1/traces') return void response.writeHead(404).end();
    received.push((await json(request)) as Export);
    response.setHeader('content-type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received };
}

const attributesOf = ({ attributes }: Pick<OtlpSpan, 'attributes'>) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

test('where OTEL_EXPORTER_OTLP_ENDPOINT is set, requests and the calls of models that they made are traced', async () => {
  const { url, received } = await collector();
  const app = await startApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` } });
  onTestFinished(app.close);
  const ada = await app.person();
  const key = await keyOf(app);
  app.model.answer(answers({ texts: ['canary-answer'], usage: USAGE }));
  const caller = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) };
  const traceparent = `00-${caller.traceId}-${caller.spanId}-01`;
  const messages = [{ role: 'user', content: 'canary-question' }];
  const streamed = { ...HELLO, messages, stream: true };
  await (await post(app, streamed, { key, headers: { traceparent } })).text();
  await ada.awaits((await ada.says('canary-question')).assistantMessage.id);
  app.model.answer(responds(500, 'canary-error'));
  await (await post(app, HELLO, { key })).text();
  await app.close();

  const spans = received.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  const resource = received[0]?.resourceSpans[0]?.resource;
  expect(resource && attributesOf(resource)).toMatchObject({ 'service.name': 'lumen' });
  const calls = spans.filter(({ kind }) => kind === CLIENT);
  expect(calls.map(({ name }) => name)).toEqual(['chat fake-1', 'chat fake-1', 'chat fake-1']);
  const { hostname, port } = new URL(app.model.url);
  expect(attributesOf(calls[0] as OtlpSpan)).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'fake-1',
    'gen_ai.usage.input_tokens': 7,
    'gen_ai.usage.output_tokens': 3,
    'gen_ai.response.finish_reasons': { values: [{ stringValue: 'stop' }] },
    'gen_ai.response.time_to_first_chunk': expect.any(Number),
    'server.address': hostname,
    'server.port': Number(port),
  });
  expect(calls[2]?.status.code).toBe(ERROR);
  expect(attributesOf(calls[2] as OtlpSpan)).toMatchObject({ 'error.type': 'upstream_failed' });
  const routes = calls.map(({ traceId, parentSpanId }) => {
    const parent = spans.find(({ spanId }) => spanId === parentSpanId);
    expect(parent).toMatchObject({ kind: SERVER, traceId });
    return parent?.name;
  });
  const completions = 'POST /v1/chat/completions';
  expect(routes).toEqual([completions, 'POST /graphql', completions]);
  expect(spans.find(({ parentSpanId }) => parentSpanId === caller.spanId)).toMatchObject({
    name: completions,
    traceId: caller.traceId,
  });
  expect(JSON.stringify(received)).not.toMatch(new RegExp(`canary|upstream-secret|${key}`));
});

test('a collector that is away holds up neither requests nor the end', async () => {
  const app = await startApp({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
  onTestFinished(app.close);
  const response = await post(app, HELLO, { key: await keyOf(app) });
  expect(response.status).toBe(200);
  await response.text();
  const startedMs = performance.now();
  await app.close();
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});

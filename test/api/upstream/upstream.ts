/** What each test of the model client begins with: a fake model server, an endpoint that points to it, a client. */
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { EndpointConfig } from '../../../server/config/config.ts';
import type { Delta } from '../../../server/upstream/delta.ts';
import type { ModelClient } from '../../../server/upstream/model-client.ts';
import { undiciModelClient } from '../../../server/upstream/undici-client.ts';
import { type FakeModel, startFakeModel } from '../../support/fake-model.ts';

export const PATIENT = {
  connectTimeoutMs: 20_000,
  firstByteTimeoutMs: 20_000,
  idleTimeoutMs: 20_000,
};
export const BODY = JSON.stringify({ model: 'm', stream: true, messages: [] });
export const NEVER = new AbortController().signal;

export class Upstream {
  readonly client: ModelClient = undiciModelClient();
  model!: FakeModel;
  endpoint!: EndpointConfig;

  stream(signal = NEVER, timeouts = PATIENT) {
    return this.client.stream({ ...this.endpoint, timeouts }, '/chat/completions', BODY, signal);
  }

  /** Streams to the end; the texts that came before a failure are in `seen`. */
  async reads(timeouts = PATIENT, seen: string[] = []) {
    for await (const batch of await this.stream(NEVER, timeouts)) {
      for (const { content } of batch) seen.push(content);
    }
  }

  call(timeouts = PATIENT) {
    const endpoint = { ...this.endpoint, timeouts };
    return this.client.call(endpoint, '/chat/completions', '{"model":"m"}', NEVER);
  }
}

export const endpointAt = (url: string): EndpointConfig => ({
  id: 'e1',
  url,
  host: new URL(url).host,
  apiKey: 'sk-fake',
  model: 'm',
  weight: 1,
  concurrencyMax: null,
  timeouts: PATIENT,
});

/** Registers the hooks; the model and the endpoint are new in each test, the client stays. */
export function upstreamOfEachTest(): Upstream {
  const upstream = new Upstream();
  beforeEach(async () => {
    upstream.model = await startFakeModel();
    upstream.endpoint = endpointAt(upstream.model.url);
  });
  afterEach(() => upstream.model.close());
  afterAll(() => upstream.client.close());
  return upstream;
}

export async function deltasOf(answer: AsyncIterable<readonly Delta[]>): Promise<Delta[]> {
  const deltas: Delta[] = [];
  for await (const batch of answer) deltas.push(...batch);
  return deltas;
}

export const textOf = (deltas: readonly Delta[]) => deltas.map(({ content }) => content).join('');

export const failed = (kind: string) => ({
  code: 'UPSTREAM_FAILED',
  httpStatus: 502,
  details: { reason: `upstream_${kind}` },
  cause: expect.anything(),
});

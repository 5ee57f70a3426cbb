import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';

interface Page {
  readonly status?: number;
  readonly text?: string;
  readonly location?: string;
}

/** A server that stands for Hugging Face, as an institution's mirror does. */
async function mirror(pages: Readonly<Record<string, Page>>) {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const { status = 200, text = '', location } = pages[url] ?? { status: 404 };
    response.writeHead(status, { 'content-type': 'text/plain', ...(location && { location }) });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const README = 'query ($name: String!) { modelReadme(name: $name) { text baseUrl } }';
const pathOf = (card: string) => `/${card}/raw/main/README.md`;

test('a model’s README comes from Hugging Face, or its mirror, bounded and without following redirects', async () => {
  const { url: HF_ENDPOINT, asked } = await mirror({
    [pathOf('o/good')]: { text: '---\nlicense: mit\n---\n# Good\n' },
    [pathOf('o/moved')]: { status: 307, location: '/o/good/raw/main/README.md' },
    [pathOf('o/huge')]: { text: 'x'.repeat(513 * 1024) },
    [pathOf('o/secret')]: { text: '# Secret' },
  });
  const model = (name: string, more: object = {}) => ({
    name,
    url: `https://huggingface.co/o/${name}`,
    input_cost_per_million: 1,
    output_cost_per_million: 1,
    ...more,
  });
  const app = await testApp({
    env: { HF_ENDPOINT },
    config: ({ url }) => ({
      models: [
        model('good', { endpoints: [{ url, model: 'fake-1' }] }),
        model('moved'),
        model('huge'),
        model('none'),
        model('secret', { access: 'blocked' }),
        model('elsewhere', { url: `${HF_ENDPOINT}/o/good` }),
      ],
    }),
  });
  const ada = await app.person();
  const readmeOf = async (name: string) =>
    (await ada.asks<{ modelReadme: unknown }>(README, { name })).modelReadme;
  const good = { text: '# Good', baseUrl: 'https://huggingface.co/o/good/blob/main/' };
  expect(await readmeOf('good')).toEqual(good);
  expect(await readmeOf('good')).toEqual(good);
  for (const name of ['moved', 'huge', 'none', 'secret', 'elsewhere', 'unheard-of'])
    expect(await readmeOf(name), name).toBeNull();
  expect(asked.sort()).toEqual(
    ['good', 'huge', 'moved', 'none'].map((name) => pathOf(`o/${name}`)),
  );
});

test('a model says how much it was asked of late, and which endpoints it has to administrators only', async () => {
  const app = await testApp();
  app.model.answer(answers({ texts: ['Hi'] }));
  await (await post(app, HELLO, { key: await keyOf(app) })).text();
  const asks = `{ model(name: "fake") { requestsLastHour requestsLastDay endpointCount endpoints { host health } } }`;
  const ada = await app.person();
  expect(await ada.asks(asks)).toEqual({
    model: { requestsLastHour: 1, requestsLastDay: 1, endpointCount: 1, endpoints: null },
  });
  const admin = await app.person('dev@example.com');
  expect(await admin.asks(asks)).toMatchObject({
    model: { endpoints: [{ host: new URL(app.model.url).host, health: 'HEALTHY' }] },
  });
});

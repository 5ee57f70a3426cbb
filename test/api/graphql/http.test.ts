import { afterAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);
const ada = await app.person();
const visitor = new Person(app.url, '', {});

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function sends({ method = 'POST', headers = {}, body }: Sent, path = '/graphql') {
  const response = await fetch(app.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...ada.headers, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): { data?: unknown; errors?: { extensions: { code: string } }[] } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const codeOf = ({ json }: Awaited<ReturnType<typeof sends>>) => json.errors?.[0]?.extensions.code;

const VIEWER = JSON.stringify({ query: '{ viewer { email } }' });

const MALFORMED: Record<string, string> = {
  'half an object': '{"query": "{ viewer',
  'an array': '[]',
  'a batch': `[${VIEWER}]`,
  null: 'null',
  'a text': '"{ viewer { email } }"',
  'a number': '1',
  'an empty object': '{}',
  'no query': '{"variables":{}}',
  'a query that is none': '{"query":7}',
  'a query that is null': '{"query":null}',
  'a query that is empty': '{"query":""}',
  'variables that are none': '{"query":"{ viewer { email } }","variables":"x"}',
  'extensions that are none': '{"query":"{ viewer { email } }","extensions":[]}',
  'an operation name that is none': '{"query":"{ viewer { email } }","operationName":{}}',
  nothing: '',
};

for (const [name, body] of Object.entries(MALFORMED)) {
  test(`R23: a body with ${name} is refused as malformed`, async () => {
    const answer = await sends({ body });
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('INVALID');
  });
}

test('an operation that is wrong is refused with a place', async () => {
  const wrong = ['{ nothing }', '{ viewer', 'subscription { viewerEvents { __typename } }'];
  for (const query of wrong) {
    const answer = await sends({ body: JSON.stringify({ query }) });
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('INVALID');
  }
});

const SIMPLE_TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain; application/json',
  'application/graphql',
  'application/json; charset=utf-7',
];

for (const type of SIMPLE_TYPES) {
  test(`R43: a body of type ${type} is not read`, async () => {
    const mutation = 'mutation { createApiKey(name: "stolen") { secret } }';
    const answer = await sends({
      headers: { 'content-type': type },
      body: JSON.stringify({ query: mutation }),
    });
    expect([400, 415]).toContain(answer.status);
    expect(codeOf(answer)).toBe('INVALID');
    const { viewer } = await ada.asks<{ viewer: { apiKeys: unknown } }>(
      '{ viewer { apiKeys { name } } }',
    );
    expect(JSON.stringify(viewer.apiKeys)).not.toContain('stolen');
  });
}

test('R43: operations are sent by POST only', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await sends(
      { method },
      `/graphql?query=${encodeURIComponent('{ viewer { id } }')}`,
    );
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(codeOf(answer)).toBe('INVALID');
  }
});

test('R43: what the browser itself says comes from another site is refused, without an origin too', async () => {
  for (const site of ['cross-site', 'same-site']) {
    const answer = await sends({ headers: { 'sec-fetch-site': site }, body: VIEWER });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
  }
  for (const site of ['same-origin', 'none'])
    expect((await sends({ headers: { 'sec-fetch-site': site }, body: VIEWER })).status).toBe(200);
});

test('R43: a page of another origin is refused', async () => {
  const { host } = new URL(app.url);
  const foreign = [
    'null',
    'https://evil.example',
    `http://${host}.evil.example`,
    `http://evil-${host}`,
    host,
  ];
  for (const origin of foreign) {
    const answer = await sends({ headers: { origin }, body: VIEWER });
    expect(answer.status).toBe(403);
    expect(codeOf(answer)).toBe('FORBIDDEN');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect((await sends({ headers: { origin: app.url }, body: VIEWER })).status).toBe(200);
});

const BAD_KEYS = ['Bearer sk_unknown', 'Bearer', 'sk_unknown', 'Basic YTpi', "Bearer ' or 1=1 --"];

for (const authorization of BAD_KEYS) {
  test(`the key "${authorization}" is refused, even beside a good cookie`, async () => {
    const answer = await sends({ headers: { authorization }, body: VIEWER });
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });
}

test('without a key one is nobody', async () => {
  const { status, errors } = await visitor.graphql('{ viewer { email } }');
  expect(status).toBe(200);
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect(await visitor.asks('{ site { name } }')).toEqual({ site: { name: 'Lumen' } });
});

test('R39: credentials count in their own place only', async () => {
  const { key } = await ada.withKey();
  const query = '{ viewer { email } }';
  const elsewhere: Record<string, string>[] = [
    { 'x-api-key': key },
    { 'proxy-authorization': `Bearer ${key}` },
    { cookie: `authorization=Bearer ${key}` },
    { cookie: `lumen=${key}` },
    { cookie: 'lumen=a.b' },
    { cookie: `${ada.headers.cookie}x` },
    { cookie: `__Host-${ada.headers.cookie}` },
  ];
  for (const headers of elsewhere)
    expect(await new Person(app.url, '', headers).refusal(query)).toBe('UNAUTHENTICATED');
  const inAddress = await fetch(`${app.url}/graphql?api_key=${key}&authorization=Bearer%20${key}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  expect(await inAddress.text()).toContain('UNAUTHENTICATED');
});

test('a cookie and a key of the same account see the same', async () => {
  const script = await ada.withKey('same');
  await ada.awaits((await ada.says('Seen by both')).assistantMessage.id);
  const everything = `{
    viewer { id email name isAdmin pool { left held max } apiKeys { id name hint } }
    models { name access status }
    conversations { nodes { id title isRunning messages { id content cost } } }
  }`;
  const [byCookie, byKey, again] = [
    await ada.asks(everything),
    await script.asks(everything),
    await ada.asks(everything),
  ];

  expect(byKey).toEqual(byCookie);
  expect(again).toEqual(byCookie);
});

test('a body of 5 MB is refused as too large', async () => {
  const answer = await sends({ body: JSON.stringify({ query: '#'.repeat(5_000_000) }) });
  expect(answer.status).toBe(413);
  expect(codeOf(answer)).toBe('TOO_LARGE');
});

test('nothing of GraphQL is kept by caches', async () => {
  expect((await sends({ body: VIEWER })).headers.get('cache-control')).toBe('no-store');
});

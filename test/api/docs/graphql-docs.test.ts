// docs/graphql.md as a script: its operations are run in order, and answer what it says.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import type { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { answers, startFakeModel } from '../../support/fake-model.ts';

const root = join(import.meta.dirname, '../../..');
const page = await readFile(join(root, 'docs/graphql.md'), 'utf8');

/** One run of an operation: the variables that stand below it, and what it gives. */
interface Example {
  readonly operation: string;
  readonly variables: string;
  readonly kind: 'answer' | 'events' | 'refusal' | 'unshown';
  readonly shown: string;
}

type Kind = 'graphql' | 'variables' | Example['kind'];

function examplesOf(markdown: string): Example[] {
  const blocks = [
    ...markdown.matchAll(/^```(?:json (?=\w)|(?=graphql))(\w+)\n([\s\S]*?)^```$/gm),
  ].map(([, kind, text = '']) => ({ kind: kind as Kind, text }));
  const examples: Example[] = [];
  let [operation, variables, isRun] = ['', '{}', true];
  const run = (kind: Example['kind'], shown: string) => {
    examples.push({ operation, variables, kind, shown });
    isRun = true;
  };
  for (const { kind, text } of blocks) {
    if ((kind === 'graphql' || kind === 'variables') && !isRun && variables !== '{}')
      run('unshown', '');
    if (kind === 'graphql') [operation, variables, isRun] = [text, '{}', false];
    else if (kind === 'variables') [variables, isRun] = [text, false];
    else run(kind, text);
  }
  return examples;
}

const examples = examplesOf(page);
const ID = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;

/** The page's ids stand for real ones, which are learnt from answers as they come. */
class Ids {
  readonly #real = new Map<string, string>();

  real(text: string): string {
    return text.replace(/019abf00-[\d-]+/g, (id) => this.#real.get(id) ?? id);
  }

  /** What came, in the page's words where both mean the same. */
  inWordsOf(shown: unknown, came: unknown): unknown {
    if (typeof shown === 'string' && typeof came === 'string') return this.#text(shown, came);
    if (Array.isArray(came))
      return came.map((item, at) => this.inWordsOf((shown as unknown[] | null)?.[at], item));
    if (typeof came !== 'object' || came === null) return came;
    const parts = (shown ?? {}) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(came).map(([key, value]) => [key, this.inWordsOf(parts[key], value)]),
    );
  }

  #text(shown: string, came: string): string {
    if (shown.endsWith('…') && came.startsWith(shown.slice(0, -1))) return shown;
    if (!ID.test(shown) || !ID.test(came)) return came;
    const known = this.#real.get(shown) ?? came;
    this.#real.set(shown, known);
    return known === came ? shown : came;
  }
}

async function openLlama3(): Promise<TestApp> {
  const model = await startFakeModel();
  onTestFinished(() => model.close());
  const llama3 = {
    name: 'llama3',
    input_cost_per_million: 0.1,
    output_cost_per_million: 0.2,
    endpoints: [{ url: model.url, model: 'fake-1' }],
  };
  const usage = { prompt_tokens: 12, completion_tokens: 8 };
  model.answerNext(
    answers({ texts: ['A coin is', ' what models are paid in.'], usage }),
    answers({ texts: ['Some million tokens.'], usage }),
  );
  return testApp({ model, config: { models: [llama3] } });
}

test('the operations of docs/graphql.md give what it shows', async () => {
  const app = await openLlama3();
  const ada = await (await app.person('ada@example.edu')).withKey();
  const ids = new Ids();
  const kinds = examples.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['answer', 'events', 'refusal', 'unshown']));
  for (const example of examples) {
    const came = await run(ada, example, JSON.parse(ids.real(example.variables)));
    if (example.kind === 'unshown') continue;
    const shown = merged(JSON.parse(example.shown));
    expect(ids.inWordsOf(shown, merged(came)), example.operation).toEqual(shown);
  }
});

/** After an answer was begun it is waited for: later examples show it whole. */
async function run(ada: Person, { kind, operation }: Example, variables: object): Promise<unknown> {
  if (kind === 'events') return eventsOf(ada, operation, variables);
  const { data, errors } = await ada.graphql<Record<string, unknown>>(operation, variables);
  if (kind === 'refusal') {
    const { locations: _, ...error } = { locations: null, ...errors?.[0] };
    return error;
  }
  expect(errors, operation).toBeUndefined();
  const [, answer] = /"assistantMessage":\{"id":"([^"]+)"/.exec(JSON.stringify(data)) ?? [];
  if (answer) await ada.awaits(answer);
  return data;
}

async function eventsOf(ada: Person, operation: string, variables: object): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of ada.subscribes(operation, variables)) events.push(event);
  return events;
}

interface Chunked {
  readonly messageStream?: { readonly content?: string; readonly position?: number };
}

/** How a text is cut into chunks is a matter of time, so neighbours count as one. */
function merged(came: unknown): unknown {
  if (!Array.isArray(came)) return came;
  const events: Chunked[] = [];
  for (const event of came as Chunked[]) {
    const [last, now] = [events.at(-1)?.messageStream, event.messageStream];
    if (last?.content === undefined || now?.content === undefined) events.push(event);
    else
      events[events.length - 1] = {
        messageStream: { ...now, content: last.content + now.content },
      };
  }
  return events;
}

test('every operation of docs/graphql.md is one of the schema', async () => {
  const schema = buildSchema(await readFile(join(root, 'schema.graphql'), 'utf8'));
  const operations = [...page.matchAll(/^```graphql\n([\s\S]*?)^```$/gm)].map(
    ([, text = '']) => text,
  );
  expect(operations.length).toBeGreaterThan(8);
  for (const operation of operations) {
    expect(validate(schema, parse(operation)), operation).toEqual([]);
  }
});

test('docs/graphql.md tells the status of what never becomes an operation', async () => {
  const app = await testApp();
  const { headers } = await (await app.person()).withKey();
  const query = JSON.stringify({ query: '{ viewer { id } }' });
  const sends = async (body: string | null, more: Record<string, string> = {}) => {
    const response = await fetch(`${app.url}/graphql`, {
      method: body === null ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...more },
      body,
    });
    const { errors } = (await response.json()) as { errors: [{ extensions: { code: string } }] };
    return [response.status, errors[0].extensions.code];
  };
  const subscription = '{"query":"subscription { viewerEvents { __typename } }"}';
  const big = JSON.stringify({ query: `# ${'x'.repeat(4_200_000)}` });

  expect(await sends('{')).toEqual([400, 'INVALID']);
  expect(await sends('{}')).toEqual([400, 'INVALID']);
  expect(await sends('{"query":"{ nothing }"}')).toEqual([400, 'INVALID']);
  expect(await sends(`[${query}]`)).toEqual([400, 'INVALID']);
  expect(await sends(subscription)).toEqual([400, 'INVALID']);
  expect(await sends(query, { 'content-type': 'text/plain' })).toEqual([400, 'INVALID']);
  expect(await sends(query, { authorization: 'Bearer sk_none' })).toEqual([401, 'UNAUTHENTICATED']);
  expect(await sends(query, { origin: 'https://elsewhere.example' })).toEqual([403, 'FORBIDDEN']);
  expect(await sends(null)).toEqual([405, 'INVALID']);
  expect(await sends(big)).toEqual([413, 'TOO_LARGE']);
});

test('docs/graphql.md tells with which codes a socket is closed', async () => {
  const app = await testApp();
  const address = `${app.url.replace('http', 'ws')}/graphql`;
  const closedAfter = (...frames: readonly string[]) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(address, 'graphql-transport-ws');
      socket.on('open', () => frames.forEach((frame) => void socket.send(frame)));
      socket.on('close', resolve);
    });
  const init = { type: 'connection_init', payload: { authorization: 'Bearer sk_none' } };
  const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ site { name } }' } };

  const codes = await Promise.all([
    closedAfter(JSON.stringify(init)),
    closedAfter(),
    closedAfter(JSON.stringify(subscribe)),
    closedAfter('x'.repeat(4_200_000)),
  ]);

  expect(codes).toEqual([4403, 4408, 4401, 1009]);
});

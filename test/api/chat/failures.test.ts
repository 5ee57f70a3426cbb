import { afterAll, expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import {
  type Behaviour,
  endsAfter,
  errorAfter,
  hangsAfter,
  refuses,
  resetsAfter,
  responds,
  respondsHtml,
  startFakeModel,
  streamsText,
  waits,
} from '../../support/fake-model.ts';

const SECRET = 'sk-upstream-0123456789abcdef';
const INNER = 'http://gpu7.inner.example.edu:8000/v1';

interface Fault {
  readonly behaviour: Behaviour;
  readonly code: 'UPSTREAM_FAILED' | 'UPSTREAM_REFUSED';
  readonly message: RegExp;
  /** What the model had said before; it is kept and paid for. */
  readonly content?: string;
}

const broken = { code: 'UPSTREAM_FAILED', message: /broke off/ } as const;
const strange = { code: 'UPSTREAM_FAILED', message: /not an answer/ } as const;
const late = { code: 'UPSTREAM_FAILED', message: /did not answer in time/ } as const;

const FAULTS: Record<string, Fault> = {
  'refuses with 400': {
    behaviour: refuses(400, `maximum context length is 4096 tokens (${INNER}, key ${SECRET})`),
    code: 'UPSTREAM_REFUSED',
    message: /maximum context length is 4096 tokens/,
  },
  'refuses with 401': {
    behaviour: refuses(401, `Incorrect API key provided: ${SECRET}`),
    code: 'UPSTREAM_FAILED',
    message: /refused Lumen's credentials/,
  },
  'refuses with 429': {
    behaviour: refuses(429, 'Too many requests', { 'retry-after': '7' }),
    code: 'UPSTREAM_REFUSED',
    message: /Too many requests/,
  },
  'fails with 500': {
    behaviour: responds(500, `Traceback: connect to ${INNER} with ${SECRET}`),
    code: 'UPSTREAM_FAILED',
    message: /server failed/,
  },
  'hangs before the first byte': { behaviour: waits(), ...late },
  'hangs within the answer': {
    behaviour: hangsAfter('Half an ', 'answer'),
    ...late,
    content: 'Half an answer',
  },
  'resets before the answer': { behaviour: resetsAfter(), ...broken },
  'resets within the answer': { behaviour: resetsAfter('Half'), ...broken, content: 'Half' },
  'ends without a finish': { behaviour: endsAfter('Half'), ...broken, content: 'Half' },
  'streams garbage': { behaviour: streamsText('data: {"cho\n\n'), ...strange },
  'answers with a page': { behaviour: respondsHtml(), ...strange },
  'tells of an error': {
    behaviour: errorAfter(
      { error: { message: `CUDA out of memory at ${INNER} ${SECRET}` } },
      'Half',
    ),
    code: 'UPSTREAM_FAILED',
    message: /server failed/,
    content: 'Half',
  },
};

// Each fault has a model of its own, so that one server's bad health is not another's.
const names = Object.keys(FAULTS);
const server = await startFakeModel();
server.models = names.map((_name, at) => `m${at}`);
server.answer((request) =>
  FAULTS[names[Number(String(request.body.model).slice(1))] ?? '']?.behaviour(request),
);
const app = await startApp({
  model: server,
  config: {
    models: names.map((name, at) => ({
      name,
      input_cost_per_million: 1000,
      output_cost_per_million: 2000,
      max_output_tokens: 1000,
      endpoints: [{ url: server.url, api_key: SECRET, model: `m${at}` }],
    })),
    upstream: { first_byte_timeout: 0.3, idle_timeout: 0.3 },
  },
});
afterAll(async () => {
  await app.close();
  await server.close();
});

for (const [name, { code, message, content = '' }] of Object.entries(FAULTS)) {
  test.concurrent(`an answer fails with words for the person when the model ${name}`, async () => {
    const ada = await app.person();
    const sent = await ada.says('What is it?', { model: name });
    const { id } = sent.assistantMessage;

    const reading = await ada.reads(id);

    expect(reading.content).toBe(content);
    expect(reading.message).toMatchObject({ status: 'FAILED', content, failure: { code } });
    expect(reading.message.failure?.message).toMatch(message);
    const shown = JSON.stringify([reading, await ada.conversation(sent.conversation.id)]);
    for (const secret of [SECRET, 'gpu7', 'inner.example', server.url, 'CUDA', 'Traceback'])
      expect(shown).not.toContain(secret);
    const { messages } = await ada.conversation(sent.conversation.id);
    expect(messages.map((m) => m.content)).toEqual(['What is it?', content]);
    const cost = Number(reading.message.cost ?? 0);
    expect(cost > 0).toBe(content !== '');
    expect(await ada.pool()).toEqual({ left: (10e6 - Math.round(cost * 1e6)) / 1e6, held: 0 });
    const line = app.log.find((entry) => entry.completion === id && entry.msg === 'a turn failed');
    const told = { message: expect.stringContaining(reading.message.failure?.message ?? '') };
    expect(line).toMatchObject({ level: 40, request: expect.any(String), err: told });
    expect(JSON.stringify(app.log)).not.toContain(SECRET);
  });
}

test('an answer fails when nobody listens at the endpoint, and then the model is unavailable', async () => {
  const model = await startFakeModel();
  const own = await startApp({ model });
  const ada = await own.person();
  await model.close();

  const first = await ada.awaits((await ada.says('Anybody?')).assistantMessage.id);
  const second = await ada.awaits((await ada.says('Hello?')).assistantMessage.id);

  expect(first).toMatchObject({ status: 'FAILED', failure: { code: 'UPSTREAM_FAILED' } });
  expect(first.failure?.message).toMatch(/could not be reached/);
  expect(second).toMatchObject({ status: 'FAILED', failure: { code: 'MODEL_UNAVAILABLE' } });
  expect(JSON.stringify([first, second])).not.toContain(new URL(model.url).host);
  expect(await ada.pool()).toEqual({ left: 10, held: 0 });
  await own.close();
});

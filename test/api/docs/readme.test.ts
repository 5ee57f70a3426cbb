// README's examples of the API, sent as curl would send them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { says, startFakeModel } from '../../support/fake-model.ts';

const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8');

/** The request that a curl command of the README makes. */
function curlTo(path: string) {
  const commands = [...readme.matchAll(/^curl http:\/\/localhost:5000(\S+) (?:.*\\\n)+.*/gm)];
  const [command = ''] = commands.find(([, at]) => at === path) ?? [];
  const headers = [...command.matchAll(/-H "([^:]+): ([^"]+)"/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const [, body = ''] = /-d '(.*)'/.exec(command) ?? [];
  return { headers, body };
}

async function send(app: TestApp, path: string): Promise<Record<string, unknown>> {
  const { key } = await (await app.person('ada@example.edu')).withKey();
  const { headers, body } = curlTo(path);
  const filled = headers.map(
    ([name, value]) => [name, value.replace('$LUMEN_API_KEY', key)] as [string, string],
  );
  const response = await fetch(app.url + path, { method: 'POST', headers: filled, body });
  return (await response.json()) as Record<string, unknown>;
}

test("README's call of /v1 is answered", async () => {
  const model = await startFakeModel();
  model.answer(says('A coin ', 'is a unit.'));
  const dummy = { name: 'dummy', input_cost_per_million: 1, output_cost_per_million: 2 };
  const models = [{ ...dummy, endpoints: [{ url: model.url, model: 'fake-1' }] }];
  const app = await testApp({ model, config: { models } });

  expect(await send(app, '/v1/chat/completions')).toMatchObject({
    model: 'dummy',
    choices: [{ message: { content: 'A coin is a unit.' } }],
  });
  await model.close();
});

test("README's GraphQL query is answered", async () => {
  const app = await testApp();

  expect(await send(app, '/graphql')).toEqual({
    data: { viewer: { name: 'ada', pool: { left: '10' } }, conversations: { nodes: [] } },
  });
});

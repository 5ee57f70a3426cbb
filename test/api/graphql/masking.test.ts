import { expect, test } from 'vitest';
import { MESSAGE_STREAM } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';

const LIST = '{ conversations { nodes { id } } }';
const WRONG = /^Something went wrong \(([\w-]{36})\)\.$/;

interface Told {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

/** The masked error, and the line of the log that tells what it was. */
function explained(error: Told | undefined, log: readonly Record<string, unknown>[]) {
  expect(error?.extensions).toEqual({ code: 'INTERNAL' });
  const [, id] = WRONG.exec(error?.message ?? '') ?? [];
  return JSON.stringify(log.filter((line) => line.request === id && Number(line.level) >= 50));
}

test('what nobody foresaw is told by a request id that is in the log, and by nothing else', async () => {
  const app = await testApp();
  const ada = await app.person();
  await app.rows('ALTER TABLE conversation RENAME TO hidden_away');

  const { status, errors } = await ada.graphql(LIST);

  expect(status).toBe(200);
  expect(explained(errors?.[0], app.log)).toContain('relation \\"conversation\\" does not exist');
});

test('a sign-in that breaks is masked as well, over HTTP and on a socket', async () => {
  const app = await testApp();
  const ada = await app.person();
  await app.rows('ALTER TABLE session RENAME TO hidden_away');

  const { status, errors } = await ada.graphql(LIST);

  expect(status).toBe(500);
  expect(explained(errors?.[0], app.log)).toContain('relation \\"session\\" does not exist');
  const { reason } = await ada
    .subscribes(LIST)
    .next()
    .catch((closed) => closed);
  const [code = '', message = ''] = reason.split(': ');
  const told = explained({ message, extensions: { code } }, app.log);
  expect(told).toContain('relation \\"session\\" does not exist');
});

test('a stream that breaks is masked', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const stream = ada.subscribes(MESSAGE_STREAM, { messageId: id });
  request.says('So far');
  await stream.next();
  await app.rows('ALTER TABLE conversation RENAME TO hidden_away');
  request.finishes();

  const [error] = JSON.parse((await stream.next().catch((e) => e)).message) as Told[];

  expect(explained(error, app.log)).toContain('relation \\"conversation\\" does not exist');
});

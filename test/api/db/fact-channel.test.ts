import { expect, onTestFinished, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { RawSocket } from '../graphql/raw-socket.ts';

const NOTIFY = `select pg_notify('lumen', $1)`;
const KILL = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'lumen facts'`;
const LISTENING = `select count(*)::int as listening from pg_stat_activity
  where datname = current_database() and application_name = 'lumen facts'`;

test('a server that lost its channel of facts comes back, and looks at everything anew', async () => {
  const app = await testApp();
  const ada = await app.person();
  const script = await ada.withKey();
  await script.asks('{ viewer { id } }');
  const socket = await RawSocket.connect(app.url, { headers: ada.headers });
  onTestFinished(() => socket.close());

  await app.rows(KILL);
  await app.rows('update account set is_active = false where email = $1', ada.email);

  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect(await script.refusal('{ viewer { id } }')).toBe('FORBIDDEN');
  expect(await app.rows(LISTENING)).toEqual([{ listening: 1 }]);
});

test('what is no fact on the channel is passed over', async () => {
  const app = await testApp();
  const ada = await app.person();
  const socket = await RawSocket.connect(app.url, { headers: ada.headers });
  onTestFinished(() => socket.close());

  for (const odd of ['', '{', 'null', '[]', '{"kind":"unheardOf"}']) await app.rows(NOTIFY, odd);
  await app.rows('update account set is_active = false where email = $1', ada.email);
  await app.rows(NOTIFY, JSON.stringify({ kind: 'accessChanged', account: null }));

  expect(await socket.closed).toMatchObject({ code: 4403 });
});

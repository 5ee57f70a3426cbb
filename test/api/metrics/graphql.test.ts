import { afterAll, expect, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { SCRAPED, scrape } from './scrape.ts';

const app = await startApp({ config: SCRAPED });
afterAll(app.close);
const ada = await app.person();

/** How much each series of operations grew while something was done. */
async function operations(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await scrape(app);
  await work();
  const after = await scrape(app);
  return Object.fromEntries(
    [...after]
      .filter(([series]) => series.startsWith('lumen_graphql_operations'))
      .map(([series, value]) => [series, value - (before.get(series) ?? 0)] as const)
      .filter(([, value]) => value !== 0),
  );
}

const counted = (operation: string, code: string) => ({
  [`lumen_graphql_operations_total{operation="${operation}",code="${code}"}`]: 1,
});
const VIEWER = '{ viewer { id } }';

function posts(path: string, body: string, more: Record<string, string> = {}): Promise<string> {
  const headers = { 'content-type': 'application/json', ...ada.headers, ...more };
  return fetch(app.url + path, { method: 'POST', headers, body }).then((answer) => answer.text());
}

test('operations over HTTP are counted by how they went', async () => {
  const goes = (query: string) => operations(() => ada.graphql(query));
  expect(await goes(VIEWER)).toEqual(counted('query', 'OK'));
  const revoke = 'mutation { revokeApiKey(id: "x") { id } }';
  expect(await goes(revoke)).toEqual(counted('mutation', 'NOT_FOUND'));
  expect(await goes('{ viewer { nothing } }')).toEqual(counted('query', 'INVALID'));
  expect(await goes('{ __schema { types { name } } }')).toEqual(counted('query', 'FORBIDDEN'));
  expect(await goes('{ viewer {')).toEqual(counted('unknown', 'INVALID'));
});

test('what is refused before it is an operation is counted too', async () => {
  const body = JSON.stringify({ query: VIEWER });
  const goes = (path: string, sent: string, headers: Record<string, string> = {}) =>
    operations(() => posts(path, sent, headers));
  for (const path of ['/graphql', '/graphql/stream']) {
    const headers = { accept: path === '/graphql' ? '*/*' : 'text/event-stream' };
    expect(await goes(path, '{', headers)).toEqual(counted('unknown', 'INVALID'));
    const key = { ...headers, authorization: 'Bearer sk_none' };
    expect(await goes(path, body, key)).toEqual(counted('unknown', 'UNAUTHENTICATED'));
    const foreign = { ...headers, origin: 'https://evil.example' };
    expect(await goes(path, body, foreign)).toEqual(counted('unknown', 'FORBIDDEN'));
  }
});

test('operations as events and on a socket are counted as they begin, once', async () => {
  const events = { accept: 'text/event-stream' };
  const asEvents = (query: string) =>
    operations(() => posts('/graphql/stream', JSON.stringify({ query }), events));
  const socket = ada.socket();
  const onSocket = (query: string) =>
    operations(async () => {
      const answer = socket.iterate({ query });
      await answer.next().catch(() => undefined);
      await answer.return?.();
    });
  const watch = 'subscription { messageStream(messageId: "x") { __typename } }';
  for (const goes of [asEvents, onSocket]) {
    expect(await goes(VIEWER)).toEqual(counted('query', 'OK'));
    expect(await goes('{ nothing }')).toEqual(counted('query', 'INVALID'));
    expect(await goes('{ viewer {')).toEqual(counted('unknown', 'INVALID'));
    expect(await goes(watch)).toEqual(counted('subscription', 'NOT_FOUND'));
  }
  await socket.dispose();
});

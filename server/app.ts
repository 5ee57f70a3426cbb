/** The composition root: the only file that knows every part; it makes them, and closes them in the reverse order. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { Leases } from './budget/leases.ts';
import { Reserver } from './budget/reserve.ts';
import { MessageWriter } from './chat/message-writer.ts';
import { Turns } from './chat/turns.ts';
import type { Config } from './config/config.ts';
import type { Env } from './config/interpolate.ts';
import { type Place, placeFrom } from './config/place.ts';
import { ConfigStatus } from './config/status.ts';
import { configure } from './configured.ts';
import type { Parts } from './context.ts';
import { Contexts } from './contexts.ts';
import { FactChannel } from './db/fact-channel.ts';
import { followConfig } from './follow-config.ts';
import { Replica } from './gateway/replica.ts';
import { Settler } from './gateway/settle.ts';
import { buildApiSchema } from './graphql/schema.ts';
import { openGraphql } from './graphql/server.ts';
import { openSocket } from './graphql/socket.ts';
import { ManualGroups } from './group/manual-groups.ts';
import { openServer } from './http/server.ts';
import { Jobs } from './jobs.ts';
import { newId } from './kernel/id.ts';
import { KnownKeys } from './key/recognise-api-key.ts';
import type { Bus } from './live/bus.ts';
import { MemoryBus } from './live/memory-bus.ts';
import { RedisBus } from './live/redis-bus.ts';
import { followLevel } from './logger.ts';
import { Metrics } from './metrics/metrics.ts';
import { openTracing, type Tracing } from './metrics/tracing.ts';
import { type Watch, watchedClient } from './metrics/watched-client.ts';
import { Catalogue } from './model/catalogue.ts';
import { Counters } from './rate/counters.ts';
import type { Credentials } from './sign-in/credentials.ts';
import { Providers } from './sign-in/oidc.ts';
import { Revocations } from './sign-in/revocations.ts';
import { openStore, type Store } from './store.ts';
import type { ModelClient } from './upstream/model-client.ts';
import { undiciModelClient } from './upstream/undici-client.ts';
import { RecentRequests } from './usage/recent-requests.ts';
import { V1 } from './v1/routes.ts';

export interface App {
  /** `http://127.0.0.1:5000` */
  readonly url: string;
  readonly config: Config;
  readonly place: Place;
  /** Lets running answers finish for a while, marks the others as interrupted, and closes everything. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly env: Env;
  readonly log: Logger;
  /** Running answers may take this long to finish when the app closes. */
  readonly patienceMs?: number;
  readonly onLost?: (reason: Error) => void;
}

const PATIENCE_MS = 8_000;

/** Starts Lumen. @throws ConfigError, Failure INVALID or CONFLICT with what to do about it */
export async function openApp(options: AppOptions): Promise<App> {
  const closing = new AsyncDisposableStack();
  try {
    return await open(options, closing);
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

async function open(
  { env, log, patienceMs = PATIENCE_MS, onLost }: AppOptions,
  closing: AsyncDisposableStack,
): Promise<App> {
  const place = placeFrom(env);
  const configured = await configure(place, env, log);
  closing.defer(configured.close);
  const { config } = configured;
  followLevel(log, env, config);
  const tracing = await openTracing(env);
  if (tracing) closing.defer(() => tracing.close());
  const store = await openStore({
    config,
    dataDir: place.dataDir,
    log,
    ...(onLost ? { onLost } : {}),
  });
  closing.defer(store.close);
  const live =
    config.redisUrl === null ? new MemoryBus() : await RedisBus.open(config.redisUrl, log);
  closing.defer(() => live.close());
  const channel = await FactChannel.open(store.url, live, log);
  closing.defer(() => channel.close());
  const counters = Counters.open(config.redisUrl, log);
  closing.defer(() => counters.close());
  const configStatus = new ConfigStatus(place.configFile, config);
  const parts = {
    ...(await openParts(store, live, log, closing, () => contexts.config, tracing)),
    counters,
    configStatus,
  };
  const contexts: Contexts = new Contexts(config, store, live, log, parts);
  await parts.catalogue.watch(config);
  closing.defer(await followConfig(contexts, { place, env, log }));
  closing.defer(new Jobs(() => contexts.context()).start());
  const { server, v1, closeDoors } = await openDoors(contexts, log, tracing, () =>
    parts.configStatus.problems.map(({ message }) => message),
  );
  closing.defer(closeDoors);
  const host = place.host ?? (config.app.debug ? '127.0.0.1' : '::');
  const url = await listen(server, place.port, host);
  const close = async () => {
    server.close();
    await Promise.all([v1.drain(patienceMs), parts.turns.drain(patienceMs)]);
    await closing.disposeAsync();
  };
  return { url, config, place, close };
}

async function openParts(
  { sql, pool, isOnlyUser }: Store,
  live: Bus,
  log: Logger,
  closing: AsyncDisposableStack,
  configInForce: () => Config,
  tracing: Tracing | null,
): Promise<Omit<Parts, 'counters' | 'configStatus'>> {
  const metrics = new Metrics(pool, configInForce);
  const upstream = openUpstream({ metrics, log, config: configInForce }, tracing);
  closing.defer(() => upstream.close());
  const catalogue = await Catalogue.open(sql, upstream, live, log);
  closing.defer(() => catalogue.close());
  const leases = new Leases(sql, newId(), log);
  const replica = new Replica(leases, sql, log);
  await replica.start(isOnlyUser);
  closing.defer(() => replica.stop());
  const knownKeys = new KnownKeys(live);
  closing.defer(() => knownKeys.close());
  const manualGroups = await ManualGroups.open(sql, live, log);
  closing.defer(() => manualGroups.close());
  const revocations = new Revocations(sql, live, log, configInForce);
  closing.defer(() => revocations.close());
  const settler = new Settler(sql, leases, live, log, (record) => metrics.settled(record));
  const reserver = new Reserver(sql, leases);
  const recentRequests = new RecentRequests(sql);
  return {
    metrics,
    upstream,
    catalogue,
    replica,
    knownKeys,
    manualGroups,
    revocations,
    settler,
    reserver,
    recentRequests,
    messages: new MessageWriter(sql, log),
    turns: new Turns(live),
    providers: new Providers(),
  };
}

/** The way to model servers, watched for metrics and traces. */
function openUpstream(watch: Watch, tracing: Tracing | null): ModelClient {
  const client = watchedClient(undiciModelClient(), watch);
  return tracing ? tracing.client(client) : client;
}

async function openDoors(
  contexts: Contexts,
  log: Logger,
  tracing: Tracing | null,
  configWarnings: () => readonly string[],
) {
  const contextFor = (credentials: Credentials, requestId?: string) =>
    contexts.contextFor(credentials, requestId);
  const schema = buildApiSchema();
  const graphql = await openGraphql(schema, log);
  const socket = openSocket({ schema, log, contextFor });
  const reach = { config: () => contexts.config, context: () => contexts.context() };
  const v1 = new V1({ log, contextFor, ...reach });
  const server = openServer({
    log,
    schema,
    v1,
    graphql,
    socket,
    tracing,
    metrics: contexts.context().parts.metrics,
    ...reach,
    contextFor,
    configWarnings,
  });
  const closeDoors = async () => {
    await socket.close();
    await graphql.stop();
    server.closeAllConnections();
  };
  return { server, v1, closeDoors };
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  server.off('error', reject);
  const { port: actual } = server.address() as AddressInfo;
  const shown = host === '::' || host === '0.0.0.0' || host === '127.0.0.1' ? 'localhost' : host;
  return `http://${shown}:${actual}`;
}

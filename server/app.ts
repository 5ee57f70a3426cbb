/** The composition root: the only file that knows every part; it makes them, and closes them in the reverse order. */
import type { Logger } from 'pino';
import { Leases } from './budget/leases.ts';
import { PolicyFollower } from './budget/policy-follower.ts';
import { Reserver } from './budget/reserve.ts';
import { MessageWriter } from './chat/message-writer.ts';
import { Turns } from './chat/turns.ts';
import type { Config } from './config/config.ts';
import { ConfigFile } from './config/config-file.ts';
import type { Env } from './config/interpolate.ts';
import { type Place, placeFrom } from './config/place.ts';
import { ConfigStatus } from './config/status.ts';
import { configure } from './configured.ts';
import type { Parts } from './context.ts';
import { Contexts } from './contexts.ts';
import { FactChannel, factTeller } from './db/fact-channel.ts';
import { followConfig } from './follow-config.ts';
import { Replica } from './gateway/replica.ts';
import { Settler } from './gateway/settle.ts';
import { Documents } from './graphql/documents.ts';
import { buildApiSchema } from './graphql/schema.ts';
import { openGraphql } from './graphql/server.ts';
import { openSocket } from './graphql/socket.ts';
import { TrustedDocuments } from './graphql/trusted-documents.ts';
import { ManualGroups } from './group/manual-groups.ts';
import { Connections } from './http/connections.ts';
import { listen } from './http/listen.ts';
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
import { Readmes } from './model/readmes.ts';
import { Counters } from './rate/counters.ts';
import type { Credentials } from './sign-in/credentials.ts';
import { Providers } from './sign-in/oidc.ts';
import { Revocations } from './sign-in/revocations.ts';
import { openStore, type Store } from './store.ts';
import { Themes, themeFolders } from './theme/themes.ts';
import { DocumentReader } from './upload/document-reader.ts';
import { Intake } from './upload/intake.ts';
import { modelCards } from './upstream/model-cards.ts';
import type { ModelClient } from './upstream/model-client.ts';
import { undiciModelClient } from './upstream/undici-client.ts';
import { RecentRequests } from './usage/recent-requests.ts';
import { V1 } from './v1/routes.ts';

export interface App {
  /** `http://127.0.0.1:5000` */
  readonly url: string;
  readonly config: Config;
  readonly place: Place;
  /** Lets what runs finish for a while, marks other answers as interrupted, and closes everything. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly env: Env;
  readonly log: Logger;
  /** What runs may take this long to finish when the app closes. */
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
  const live = await openBus(config.redisUrl, store, log);
  closing.defer(() => live.close());
  const channel = await FactChannel.open(store.url, live, log);
  closing.defer(() => channel.close());
  const counters = Counters.open(config.redisUrl, log);
  closing.defer(() => counters.close());
  const themes = closing.use(await Themes.open(themeFolders(place.configFile), live, log));
  const parts = {
    readmes: closing.use(new Readmes(modelCards(env.HF_ENDPOINT), log)),
    ...(await openParts(store, live, log, closing, () => contexts.config, tracing)),
    counters,
    configStatus: new ConfigStatus(place.configFile, config),
    configFile: ConfigFile.at(place, env),
    themes,
  };
  const contexts: Contexts = new Contexts(config, store, live, log, parts);
  await parts.catalogue.watch(config);
  await openFollowers(contexts, { place, env, log, databaseUrl: store.url }, closing);
  const { server, draining, closeDoors } = await openDoors(contexts, log, tracing, () =>
    parts.configStatus.problems.map(({ message }) => message),
  );
  closing.defer(closeDoors);
  const url = await listen(server, place, config.app.debug);
  const close = async () => {
    await Promise.all([...draining, parts.turns].map((part) => part.drain(patienceMs)));
    await closing.disposeAsync();
  };
  return { url, config, place, close };
}

const openBus = async (url: string | null, { sql }: Store, log: Logger): Promise<Bus> =>
  url === null ? new MemoryBus() : RedisBus.open(url, log, factTeller(sql));

async function openParts(
  { sql, pool, isOnlyUser }: Store,
  live: Bus,
  log: Logger,
  closing: AsyncDisposableStack,
  configInForce: () => Config,
  tracing: Tracing | null,
): Promise<Omit<Parts, 'counters' | 'configStatus' | 'configFile' | 'themes' | 'readmes'>> {
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
  const documents = new DocumentReader(log);
  closing.defer(() => documents.close());
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
    documents,
    intake: new Intake(),
    databasePool: pool,
    messages: new MessageWriter(sql, log),
    turns: new Turns(live),
    providers: new Providers(),
  };
}

/** What goes on by itself: pools follow policies, contexts the file, and jobs the clock. */
async function openFollowers(
  contexts: Contexts,
  { databaseUrl, ...file }: Parameters<typeof followConfig>[1] & { readonly databaseUrl: string },
  closing: AsyncDisposableStack,
): Promise<void> {
  const policies = new PolicyFollower(() => contexts.context());
  closing.defer(() => policies.close());
  closing.defer(await followConfig(contexts, file));
  closing.defer(new Jobs(() => contexts.context(), databaseUrl).start());
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
  const { metrics } = contexts.context().parts;
  const api = {
    schema: buildApiSchema(),
    trusted: TrustedDocuments.read(),
    documents: new Documents(),
    metrics,
  };
  const graphql = await openGraphql(api, log);
  const reach = { config: () => contexts.config, context: () => contexts.context() };
  const socket = openSocket({ api, log, contextFor, ...reach });
  const v1 = new V1({ log, contextFor, ...reach });
  const server = openServer({
    log,
    api,
    v1,
    graphql,
    socket,
    tracing,
    metrics,
    ...reach,
    contextFor,
    configWarnings,
  });
  const connections = new Connections(server);
  const closeDoors = async () => {
    await socket.close();
    await graphql.stop();
    connections.end();
  };
  return { server, draining: [connections, socket, v1], closeDoors };
}

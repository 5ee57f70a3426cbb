/** GraphQL over WebSocket: the same schema, the same credentials, the same errors. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
} from 'graphql';
import {
  CloseCode,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  type Context as ProtocolContext,
  type ServerOptions,
  type SubscribePayload,
} from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../config/config.ts';
import { Failure } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import { clientAddress } from '../rate/client-address.ts';
import { spendOperation } from '../rate/spend.ts';
import { type Credentials, credentialsOf } from '../sign-in/credentials.ts';
import { isSameOrigin } from '../sign-in/same-origin.ts';
import type { Api, OperationContext } from './api.ts';
import { AwaitedOperations } from './awaited-operations.ts';
import { publicError } from './errors.ts';
import { countOutcome, operationArgs, subscribeMasked, watchActor } from './operation.ts';
import { WaitingSockets } from './waiting-sockets.ts';

const FRAME_BYTES_MAX = 4 * 1024 * 1024;
/** Answers that wait for their reader. */
const BEHIND_BYTES_MAX = 2 ** 20;
const INIT_WAIT_MS = 5_000;
const KEEP_ALIVE_MS = 12_000;
/** A client that does not say goodbye in return holds up the end of the process for no longer. */
const CLOSE_WAIT_MS = 1_000;
/** Of one socket: each holds something open for as long as it likes, which no limit on requests sees. */
const SUBSCRIPTIONS_MAX = 20;
const TOO_MANY = new GraphQLError('refused', {
  originalError: new Failure(
    'INVALID',
    `A socket carries up to ${SUBSCRIPTIONS_MAX} subscriptions. End one of them, or open another socket.`,
    { reason: 'subscription_limit', limit: SUBSCRIPTIONS_MAX },
  ),
});
/** The protocol's close reasons hold at most this many bytes. */
const REASON_BYTES_MAX = 120;

export interface SocketDoor {
  readonly api: Api;
  readonly log: Logger;
  config(): Config;
  /** @throws Failure when the credentials open nothing */
  contextFor(credentials: Credentials): Promise<OperationContext>;
}

export interface GraphqlSocket {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Begins no query and no mutation any more, and gives those that run so long to be answered. */
  drain(patienceMs: number): Promise<void>;
  /** Says goodbye to every client (1001), so that each reconnects. */
  close(): Promise<void>;
}

export function openSocket(door: SocketDoor): GraphqlSocket {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });
  // `isProd`: why a socket broke is for the log, and not for the client that it is closed for.
  const waiting = new WaitingSockets();
  const awaited = new AwaitedOperations();
  const options = { ...protocolOptions(door, waiting, awaited), isProd: true };
  const disposable = useServer(options, server, KEEP_ALIVE_MS);
  return {
    upgrade: (request, socket, head) => {
      if (!isSameOrigin(request.headers)) return refuse(socket, '403 Forbidden');
      server.handleUpgrade(request, socket, head, (client) => {
        readAtPace(client, socket);
        const { trustedProxies } = door.config().app;
        waiting.add(client, clientAddress(credentialsOf(request), trustedProxies));
        server.emit('connection', client, request);
      });
    },
    drain: (patienceMs) => awaited.drain(patienceMs),
    close: async () => {
      const impatient = setTimeout(() => terminateAll(server), CLOSE_WAIT_MS);
      await disposable.dispose();
      clearTimeout(impatient);
    },
  };
}

/** Who asks on and on, even if only by pings, and takes no answers is not read from until those are taken. */
function readAtPace(client: WebSocket, socket: Duplex): void {
  const pace = () => {
    if (client.isPaused || socket.writableLength < BEHIND_BYTES_MAX) return;
    client.pause();
    socket.once('drain', () => client.resume());
  };
  client.on('message', pace).on('ping', pace);
}

function terminateAll(server: WebSocketServer): void {
  for (const client of server.clients) client.terminate();
}

type Params = Record<string, unknown> | undefined;
type Protocol = ServerOptions<Params, Extra>;
type Connection = ProtocolContext<Params, Extra>;

function protocolOptions(
  door: SocketDoor,
  waiting: WaitingSockets,
  awaited: AwaitedOperations,
): Protocol {
  const { api, log } = door;
  return {
    schema: api.schema,
    connectionInitWaitTimeout: INIT_WAIT_MS,
    execute: (args) => awaited.execute(args),
    subscribe: subscribeMasked,
    onConnect: (connection) => admitConnection(door, connection, waiting),
    onSubscribe: (connection, _id, payload) => operation(door, connection, payload),
    onOperation: (_connection, _id, _payload, args, result) =>
      countOutcome(api, args, 'errors' in result ? result.errors : []),
    onError: (_connection, id, _payload, errors) =>
      errors.map((error) => publicError(error, log, id)),
    onNext: (_connection, _id, _payload, args, { data = null, errors }) =>
      errors && { data, errors: publicErrors(errors, args.contextValue as OperationContext) },
  };
}

/** Bad credentials close the socket with a reason; none at all may ask what is open to visitors. */
async function admitConnection(
  door: SocketDoor,
  connection: Connection,
  waiting: WaitingSockets,
): Promise<void> {
  try {
    const ctx = await door.contextFor(shownCredentials(connection));
    const { socket } = connection.extra;
    waiting.remove(socket);
    // Who left while the credentials were looked at will not close again.
    if (socket.readyState !== socket.OPEN) return;
    socket.once(
      'close',
      watchActor(ctx, (reason) => forbid(door, connection, reason)),
    );
  } catch (error) {
    forbid(door, connection, error);
  }
}

function forbid({ log }: SocketDoor, { extra }: Connection, error: unknown): void {
  const { message, extensions } = publicError(error, log, newId());
  const reason = `${extensions?.code}: ${message}`;
  extra.socket.close(
    CloseCode.Forbidden,
    Buffer.from(reason).subarray(0, REASON_BYTES_MAX).toString(),
  );
}

/** Credentials are looked at for each operation: a key revoked since opens nothing more. */
async function operation(
  door: SocketDoor,
  connection: Connection,
  payload: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  // Counted before anything is awaited: of many that come at once, those that came first are served.
  const isFull = Object.keys(connection.subscriptions).length > SUBSCRIPTIONS_MAX;
  const contextValue = await operationContext(door, connection).catch((error) => error as Error);
  if (contextValue instanceof Error) {
    countOutcome(door.api, null, [contextValue]);
    return [new GraphQLError('refused', { originalError: contextValue })];
  }
  const args = operationArgs(door.api, contextValue, payload);
  return isFull && isSubscription(args) ? [TOO_MANY] : args;
}

const isSubscription = (args: ExecutionArgs | readonly GraphQLError[]): boolean =>
  'document' in args &&
  getOperationAST(args.document, args.operationName)?.operation === 'subscription';

async function operationContext(
  door: SocketDoor,
  connection: Connection,
): Promise<OperationContext> {
  const ctx = await door.contextFor(shownCredentials(connection));
  await spendOperation(ctx);
  return ctx;
}

function shownCredentials({ connectionParams, extra }: Connection): Credentials {
  const { authorization } = connectionParams ?? {};
  const shown = credentialsOf(extra.request);
  return typeof authorization === 'string' ? { ...shown, authorization } : shown;
}

const publicErrors = (
  errors: readonly GraphQLError[],
  { log, requestId }: OperationContext,
): readonly GraphQLFormattedError[] => errors.map((error) => publicError(error, log, requestId));

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** A caller of the GraphQL API: mutations over HTTP, answers over a socket that is open already. */
import { createClient, type Client as Socket } from 'graphql-ws';
import { Client } from 'undici';
import WebSocket from 'ws';
import type { Target } from './load.ts';

export type MessageEvent =
  | { readonly __typename: 'MessageChunk'; readonly position: number; readonly content: string }
  | {
      readonly __typename: 'MessageFinished';
      readonly message: { readonly status: string; readonly content: string };
    };

const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { assistantMessage { id } }
}`;
const WATCH = `subscription ($id: ID!) { messageStream(messageId: $id) {
  __typename
  ... on MessageChunk { position content }
  ... on MessageFinished { message { status content } }
} }`;

export class Caller {
  readonly #target: Target;
  readonly #http: Client;
  readonly #socket: Socket;

  private constructor(target: Target, socket: Socket) {
    this.#target = target;
    this.#socket = socket;
    this.#http = new Client(target.origin);
  }

  /** Resolves when the socket is open and the key was accepted. */
  static open(target: Target): Promise<Caller> {
    return new Promise((resolve, reject) => {
      const socket = createClient({
        url: `${target.origin.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: target.headers,
        lazy: false,
        retryAttempts: 0,
        onNonLazyError: reject,
        on: { connected: () => resolve(new Caller(target, socket)), error: reject },
      });
    });
  }

  /** Asks in a new conversation; gives the id of the answer. */
  async say(model: string, content: string): Promise<string> {
    const { body } = await this.#http.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', ...this.#target.headers },
      body: JSON.stringify({ query: SEND, variables: { input: { model, content } } }),
    });
    const { data, errors } = (await body.json()) as {
      data?: { sendMessage: { assistantMessage: { id: string } } };
      errors?: unknown;
    };
    if (!data) throw new Error(`sendMessage was refused: ${JSON.stringify(errors)}`);
    return data.sendMessage.assistantMessage.id;
  }

  /** Reads an answer to its end. */
  async watch(id: string, receive: (event: MessageEvent) => void): Promise<void> {
    const events = this.#socket.iterate<{ messageStream: MessageEvent }>({
      query: WATCH,
      variables: { id },
    });
    for await (const { data, errors } of events) {
      if (!data) throw new Error(`the subscription broke: ${JSON.stringify(errors)}`);
      receive(data.messageStream);
    }
  }

  async close(): Promise<void> {
    await this.#socket.dispose();
    await this.#http.close();
  }
}

// Who does things in tests: a person with a browser's cookie, or with an API key, speaking to a real server.
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface GraphqlAnswer<T> {
  readonly status: number;
  readonly data: T | null;
  readonly errors?: readonly {
    message: string;
    extensions: { code: string; [name: string]: unknown };
  }[];
}

export interface TestMessage {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: string;
  readonly status: string;
  readonly content: string;
  readonly reasoning: string;
  readonly position: number;
  readonly reasoningPosition: number;
  readonly cost: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export interface MessageChunk {
  readonly __typename: 'MessageChunk';
  readonly position: number;
  readonly reasoningPosition: number;
  readonly content: string;
  readonly reasoning: string;
}

export type TestMessageEvent =
  | MessageChunk
  | { readonly __typename: 'MessageFinished'; message: TestMessage };

const MESSAGE =
  'id parentId role status content reasoning position reasoningPosition cost inputTokens outputTokens failure { code message }';

export const MESSAGE_STREAM = `
  subscription ($messageId: ID!, $after: Int! = 0, $reasoningAfter: Int) {
    messageStream(messageId: $messageId, after: $after, reasoningAfter: $reasoningAfter) {
      __typename
      ... on MessageChunk { position reasoningPosition content reasoning }
      ... on MessageFinished { message { ${MESSAGE} } }
    }
  }`;

export class Person {
  readonly url: string;
  readonly email: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(url: string, email: string, headers: Readonly<Record<string, string>>) {
    this.url = url;
    this.email = email;
    this.headers = headers;
  }

  static async signIn(url: string, email: string): Promise<Person> {
    const response = await fetch(`${url}/devlogin?email=${encodeURIComponent(email)}`, {
      redirect: 'manual',
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (!cookie) throw new Error(`signing in answered ${response.status}`);
    return new Person(url, email, { cookie });
  }

  /** The same person, with a new API key instead of the cookie. */
  async withKey(name = 'test'): Promise<Person & { readonly key: string }> {
    const query = 'mutation ($name: String!) { createApiKey(name: $name) { secret } }';
    const { createApiKey } = await this.asks<{ createApiKey: { secret: string } }>(query, { name });
    const key = createApiKey.secret;
    return Object.assign(new Person(this.url, this.email, { authorization: `Bearer ${key}` }), {
      key,
    });
  }

  async graphql<T = Record<string, unknown>>(
    query: string,
    variables: object = {},
  ): Promise<GraphqlAnswer<T>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.headers },
      body: JSON.stringify({ query, variables }),
    });
    return {
      status: response.status,
      ...((await response.json()) as Omit<GraphqlAnswer<T>, 'status'>),
    };
  }

  /** What an operation gives; an error fails the test. */
  async asks<T>(query: string, variables: object = {}): Promise<T> {
    const answer = await this.graphql<T>(query, variables);
    if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer.errors ?? answer));
    return answer.data;
  }

  /** The code of the error with which an operation is refused. */
  async refusal(query: string, variables: object = {}): Promise<string | undefined> {
    return (await this.graphql(query, variables)).errors?.[0]?.extensions.code;
  }

  async says(
    content: string,
    more: { conversationId?: string; parentId?: string; model?: string } = {},
  ) {
    const { sendMessage } = await this.asks<{ sendMessage: SentMessage }>(
      `mutation ($input: SendMessageInput!) {
        sendMessage(input: $input) { conversation { id title } userMessage { ${MESSAGE} } assistantMessage { ${MESSAGE} } }
      }`,
      { input: { model: 'fake', content, ...more } },
    );
    return sendMessage;
  }

  async conversation(id: string) {
    const { conversation } = await this.asks<{
      conversation: { title: string; isRunning: boolean; messages: TestMessage[] };
    }>(`query ($id: ID!) { conversation(id: $id) { title isRunning messages { ${MESSAGE} } } }`, {
      id,
    });
    return conversation;
  }

  async pool(): Promise<{ left: number; held: number }> {
    const { viewer } = await this.asks<{ viewer: { pool: { left: string; held: string } } }>(
      '{ viewer { pool { left held } } }',
    );
    return { left: Number(viewer.pool.left), held: Number(viewer.pool.held) };
  }

  /** A socket of one's own; dispose it. */
  socket(options: { connectionParams?: Record<string, unknown> } = {}): Client {
    const { headers } = this;
    class WithHeaders extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { cookie: headers.cookie ?? '' } });
      }
    }
    const connectionParams =
      options.connectionParams ??
      (headers.authorization ? { authorization: headers.authorization } : {});
    return createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WithHeaders,
      connectionParams,
      retryAttempts: 0,
    });
  }

  /** What a subscription gives. The iterator's `return` leaves, and closes the socket. */
  async *subscribes<T>(query: string, variables: object = {}): AsyncGenerator<T, void> {
    const socket = this.socket();
    try {
      for await (const event of socket.iterate<T>({ query, variables: { ...variables } })) {
        if (event.errors || !event.data) throw new Error(JSON.stringify(event.errors));
        yield event.data;
      }
    } finally {
      await socket.dispose();
    }
  }

  /** The events of an answer, from a place on. */
  async *watches(
    messageId: string,
    after = 0,
    reasoningAfter: number | null = null,
  ): AsyncGenerator<TestMessageEvent, void> {
    const variables = { messageId, after, reasoningAfter };
    for await (const data of this.subscribes<{ messageStream: TestMessageEvent }>(
      MESSAGE_STREAM,
      variables,
    ))
      yield data.messageStream;
  }

  /** All that an answer says from a place on, when it has ended. */
  async reads(
    messageId: string,
    after = 0,
    reasoningAfter: number | null = null,
  ): Promise<Reading> {
    const chunks: MessageChunk[] = [];
    for await (const event of this.watches(messageId, after, reasoningAfter)) {
      if (event.__typename === 'MessageChunk') chunks.push(event);
      else {
        const [content, reasoning] = [textOf(chunks, 'content'), textOf(chunks, 'reasoning')];
        return { chunks, content, reasoning, message: event.message };
      }
    }
    throw new Error('the stream ended without MessageFinished');
  }

  /** What an answer says from one place on until it has reached another; then leaves. */
  async readsTo(messageId: string, place: number, after = 0): Promise<string> {
    const stream = this.watches(messageId, after);
    const text = await readTo(stream, place);
    await stream.return();
    return text;
  }

  /** Waits for the end of an answer, and gives it. */
  async awaits(messageId: string): Promise<TestMessage> {
    return (await this.reads(messageId)).message;
  }

  /** The same person, with the same credentials, at another replica. */
  at(url: string): Person {
    return new Person(url, this.email, this.headers);
  }
}

/** Reads events until the text has reached a place. */
export async function readTo(
  stream: AsyncGenerator<TestMessageEvent>,
  place: number,
): Promise<string> {
  let text = '';
  for (;;) {
    const { value } = await stream.next();
    if (value?.__typename !== 'MessageChunk') throw new Error(`ended before ${place}`);
    text += value.content;
    if (value.position >= place) return text;
  }
}

const textOf = (chunks: readonly MessageChunk[], field: 'content' | 'reasoning'): string =>
  chunks.map((chunk) => chunk[field]).join('');

export interface Reading {
  readonly chunks: readonly MessageChunk[];
  readonly content: string;
  readonly reasoning: string;
  readonly message: TestMessage;
}

export interface SentMessage {
  readonly conversation: { readonly id: string; readonly title: string };
  readonly userMessage: TestMessage;
  readonly assistantMessage: TestMessage;
}

// What a streamed answer weighs on the wire: its text once, and a small envelope around each event.
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Person, TestMessageEvent } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

const STREAM = `subscription ($messageId: ID!) {
  messageStream(messageId: $messageId, after: 0) {
    __typename
    ... on MessageChunk { position reasoningPosition content reasoning }
    ... on MessageFinished { message { id status position } }
  }
}`;

/** JSON writes a quote and the end of a line as two bytes; prose and code stay well below this. */
const BYTES_PER_BYTE = 1.3;
/** Around the text of one event: names of fields, positions, the name of the operation. */
const ENVELOPE_BYTES = 160;
/** For all else: the acknowledgement, the last event, the end. */
const CONSTANT_BYTES = 1_000;
const FRAME_MS = 20;

const PARAGRAPH = [
  'Grüße aus dem Labor: the "mean" of `values` is not the median.\n\n',
  '```python\nfor value in values:\n    print("value:", value)\n```\n\n',
  'Ein Maß für die Streuung ist σ, und 平均 heißt Mittelwert.\n\n',
].join('');
const WORDS = PARAGRAPH.repeat(4).match(/\s*\S+/g) ?? [];
const TEXT = WORDS.join('');

interface Received {
  bytes: number;
  events: number;
  text: string;
  isOver: boolean;
}

/** Reads an answer and counts every byte; `told` hears of each event. */
type Reader = (person: Person, id: string, told: (received: Received) => void) => Promise<Received>;

function take(received: Received, event: TestMessageEvent | undefined): void {
  if (!event) return;
  received.events += 1;
  if (event.__typename === 'MessageChunk') received.text += event.content;
  else received.isOver = true;
}

const nothing = (): Received => ({ bytes: 0, events: 0, text: '', isOver: false });

/** A frame of a WebSocket has a head of its own, of four bytes below 64 KB. */
const HEAD_BYTES = 4;

const bySocket: Reader = async (person, messageId, told) => {
  const received = nothing();
  const { headers } = person;
  const address = `${person.url.replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(address, 'graphql-transport-ws', { headers });
  socket.on('message', (data: Buffer) => {
    received.bytes += data.byteLength + HEAD_BYTES;
    const { type, payload } = JSON.parse(data.toString());
    if (type === 'connection_ack') {
      const subscribe = { query: STREAM, variables: { messageId } };
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: subscribe }));
    }
    take(received, payload?.data?.messageStream);
    told(received);
    if (type === 'complete') socket.close();
  });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'close');
  return received;
};

const byEvents: Reader = async (person, messageId, told) => {
  const received = nothing();
  const { body } = await fetch(`${person.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      ...person.headers,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ query: STREAM, variables: { messageId } }),
  });
  let rest = '';
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    received.bytes += Buffer.byteLength(piece);
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, data] = /^data: (\{.*)$/m.exec(block) ?? [];
      if (data) take(received, JSON.parse(data).data?.messageStream);
    }
    told(received);
  }
  return received;
};

const READERS = [
  ['a socket', bySocket],
  ['an event stream', byEvents],
] as const;

const boundOf = (text: string, envelopes: number) =>
  BYTES_PER_BYTE * Buffer.byteLength(text) + envelopes * ENVELOPE_BYTES + CONSTANT_BYTES;

test.each(READERS)(
  'each word that %s tells at once costs its bytes and one envelope',
  async (_name, reads) => {
    const ada = await app.person();
    const { id, request } = await app.turn(ada);
    let said = 0;
    // The next word is written when the last has been read, so that each travels alone.
    const sayNext = ({ text }: Received) => {
      if (text.length !== WORDS.slice(0, said).join('').length) return;
      const word = WORDS[said];
      said += 1;
      if (word === undefined) request.finishes();
      else request.says(word);
    };
    sayNext(nothing());

    const received = await reads(ada, id, sayNext);

    expect(received).toMatchObject({ text: TEXT, isOver: true, events: WORDS.length + 1 });
    expect(received.bytes).toBeLessThan(boundOf(TEXT, WORDS.length));
  },
);

test.each(READERS)(
  'a fast answer comes over %s at most once a frame, and each part of it once',
  async (_name, reads) => {
    const ada = await app.person();
    const { id, request } = await app.turn(ada);
    const startedAt = performance.now();
    const reading = reads(ada, id, () => {});
    for (let part = 0; part < 50; part += 1) await request.delivers(TEXT);
    request.finishes();

    const received = await reading;

    const frames = (performance.now() - startedAt) / FRAME_MS + 2;
    expect(received).toMatchObject({ text: TEXT.repeat(50), isOver: true });
    expect(received.events - 1).toBeLessThanOrEqual(frames);
    expect(received.bytes).toBeLessThan(boundOf(received.text, received.events));
  },
);

test.each(READERS)(
  'an answer read later over %s is its text and a constant',
  async (_name, reads) => {
    const ada = await app.person();
    const { id, request } = await app.turn(ada);
    for (let part = 0; part < 50; part += 1) await request.delivers(TEXT);
    request.finishes();
    await ada.awaits(id);

    const received = await reads(ada, id, () => {});

    expect(received).toMatchObject({ text: TEXT.repeat(50), isOver: true, events: 2 });
    expect(received.bytes).toBeLessThan(boundOf(received.text, 0));
  },
);

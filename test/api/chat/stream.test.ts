import { afterAll, expect, test } from 'vitest';
import { readTo } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';
import { answers, refuses, says } from '../../support/fake-model.ts';

const app = await startApp();
afterAll(app.close);

/** Code points of one, two and three bytes and of two UTF-16 units; marks that combine with what stands before. */
const WORDS = ['Grüß ', '👩‍🔬', ' e\u0301', ' 漢字', ' 🇩🇪', ' z\u0308\u0323', ' 𝛼', '\n', '✓'];
const TEXT = WORDS.join('');
const POINTS = [...TEXT];

test('positions count code points, and the chunks are the stored text', async () => {
  const ada = await app.person();
  const { id, conversationId, request } = await app.turn(ada);
  const reading = ada.reads(id);
  // The model cuts its text anywhere, even inside a surrogate pair.
  for (let at = 0; at < TEXT.length; at += 1) await request.delivers(TEXT.charAt(at));
  request.finishes();

  const { chunks, content, message } = await reading;

  expect(content).toBe(TEXT);
  let sofar = '';
  for (const chunk of chunks) {
    sofar += chunk.content;
    expect(chunk.position).toBe([...sofar].length);
  }
  expect(message).toMatchObject({ content: TEXT, position: POINTS.length, status: 'FINISHED' });
  const { messages } = await ada.conversation(conversationId);
  expect(messages.at(-1)).toEqual(message);
});

test('a reader resumes from any place, while the answer is written and after', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const half = Math.floor(POINTS.length / 2);
  request.says(POINTS.slice(0, half).join(''));
  const places = POINTS.map((_point, place) => place);
  const before = places.filter((place) => place < half);
  await ada.readsTo(id, half);

  const running = before.map((place) => ada.watches(id, place));
  const firsts = await Promise.all(running.map((stream) => readTo(stream, half)));
  request.says(POINTS.slice(half).join(''));
  const seconds = await Promise.all(running.map((stream) => readTo(stream, POINTS.length)));
  request.finishes();

  for (const place of before) {
    const rest = POINTS.slice(place).join('');
    expect(`${firsts[place]}${seconds[place]}`).toBe(rest);
  }
  await ada.awaits(id);
  const late = await Promise.all([...places, POINTS.length].map((place) => ada.reads(id, place)));
  expect(late.map(({ content }) => content)).toEqual(
    [...places, POINTS.length].map((place) => POINTS.slice(place).join('')),
  );
  await Promise.all(running.map((stream) => stream.return()));
});

test('R21: a hundred disconnects in one answer leave no gap and no repeat', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const said: string[] = [];
  let [read, position] = ['', 0];
  for (let round = 0; round < 100; round += 1) {
    const pieces = WORDS.slice(0, 1 + ((round * 7) % WORDS.length)).map((word) => word + round);
    said.push(...pieces);
    for (const piece of pieces) request.says(piece);
    // Every third time one leaves in the middle of what comes.
    const place = round % 3 === 0 ? position + 1 : [...said.join('')].length;
    read += await ada.readsTo(id, place, position);
    position = [...read].length;
  }
  request.finishes();
  read += (await ada.reads(id, position)).content;

  expect(read).toBe(said.join(''));
});

test('all who watch an answer see the same text', async () => {
  const ada = await app.person();
  const script = await ada.withKey();
  const { id, request } = await app.turn(ada);
  const readings = [ada, ada, script].map((watcher) => watcher.reads(id));
  for (const word of WORDS) await request.delivers(word);
  request.finishes();

  const [first, ...others] = await Promise.all(readings);

  expect(first?.content).toBe(TEXT);
  for (const other of others) {
    expect(other.content).toBe(TEXT);
    expect(other.message).toEqual(first?.message);
  }
});

test('who watches before the first token misses nothing', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const reading = ada.reads(id);
  // A turn of its own takes longer than to take a subscription.
  await ada.awaits((await ada.says('Beside')).assistantMessage.id);
  for (const word of WORDS) await request.delivers(word);
  request.finishes();

  expect((await reading).content).toBe(TEXT);
});

test('reasoning has positions of its own', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  request.reasons('Let me 🤔 ');
  request.reasons('think.');
  request.says('It is ');
  request.says('42 🎉');
  request.finishes();

  const { reasoning, content, chunks, message } = await ada.reads(id);

  expect([reasoning, content]).toEqual(['Let me 🤔 think.', 'It is 42 🎉']);
  expect(chunks.at(-1)).toMatchObject({ position: 10, reasoningPosition: 15 });
  expect(message).toMatchObject({ reasoning, content, position: 10, reasoningPosition: 15 });
});

test('reasoning resumes from reasoningAfter, and is left out when only after is given', async () => {
  const ada = await app.person();
  app.model.answerNext(answers({ reasoning: ['Let me 🤔 think.'], texts: ['It is 42'] }));
  const { id } = (await ada.says('What is it?')).assistantMessage;
  await ada.awaits(id);

  expect(await ada.reads(id, 3, 8)).toMatchObject({ content: 'is 42', reasoning: ' think.' });
  expect(await ada.reads(id, 3)).toMatchObject({ content: 'is 42', reasoning: '' });
  expect(await ada.reads(id, 0, 15)).toMatchObject({ content: 'It is 42', reasoning: '' });
  expect(await ada.reads(id, 8, 0)).toMatchObject({ content: '', reasoning: 'Let me 🤔 think.' });
});

test('who comes after the end of an answer gets its rest and its end, however it ended', async () => {
  const ada = await app.person();
  app.model.answerNext(says('All of it'));
  const finished = (await ada.says('Finish')).assistantMessage.id;
  await ada.awaits(finished);
  const { id: stopped, request } = await app.turn(ada);
  request.says('Some of it');
  await ada.readsTo(stopped, 10);
  await ada.asks('mutation ($id: ID!) { stopMessage(id: $id) { id } }', { id: stopped });
  await ada.awaits(stopped);
  app.model.answerNext(refuses(400, 'No'));
  const failed = (await ada.says('Fail')).assistantMessage.id;
  await ada.awaits(failed);

  const late = [finished, stopped, failed].map((id) => ada.reads(id, 5));

  expect(await Promise.all(late)).toMatchObject([
    { content: 'f it', message: { status: 'FINISHED' } },
    { content: 'of it', message: { status: 'STOPPED', content: 'Some of it' } },
    { content: '', message: { status: 'FAILED', failure: { message: 'No' } } },
  ]);
});

test('who claims more than there is waits for what lies beyond', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  request.says('12345');
  await ada.readsTo(id, 5);
  const ahead = ada.reads(id, 8);
  const follower = ada.watches(id, 5);
  const next = follower.next();
  // A later reader has been served, so the earlier ones are reading too.
  await ada.readsTo(id, 5);
  request.says('67');
  await next;
  request.says('890');
  request.finishes();

  expect((await ahead).content).toBe('90');
  await follower.return();
});

test('a place before the beginning is refused', async () => {
  const ada = await app.person();
  const { assistantMessage } = await ada.says('Hello');
  await ada.awaits(assistantMessage.id);

  await expect(ada.reads(assistantMessage.id, -1)).rejects.toThrow('INVALID');
  await expect(ada.reads(assistantMessage.id, 0, -1)).rejects.toThrow('INVALID');
});

test('thousands of tiny pieces reach a reader in few events', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const reading = ada.reads(id);
  for (let at = 0; at < 2_000; at += 1) request.says(`${at} `);
  request.finishes();

  const { chunks, content } = await reading;

  expect(content.split(' ')).toHaveLength(2_001);
  expect(chunks.length).toBeLessThan(100);
});

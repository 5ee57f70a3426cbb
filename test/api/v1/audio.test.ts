import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import { resetsAfter, responds, streamsText } from '../../support/fake-model.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { billOf, recording, sendsForm, startAudioApp, wav } from './audio.ts';
import { sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startAudioApp();
});
afterAll(() => app.close());

const transcribes = (body: object) => responds(200, body);

test('a recording becomes text: its form arrives whole, and its time is paid by the hour', async () => {
  app.model.answerNext(transcribes({ text: 'Hello', usage: { type: 'duration', seconds: 90 } }));
  const openai = await sdkOf(app);
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));
  const answer = await openai.audio.transcriptions.create({
    file: await recording(bytes),
    model: 'by-the-hour',
    language: 'de',
    prompt: 'Fördermittel',
    temperature: 0.2,
    timestamp_granularities: ['word', 'segment'],
  });
  expect(answer.text).toBe('Hello');
  const sent = app.model.requests.at(-1);
  expect(sent?.place).toBe('POST /v1/audio/transcriptions');
  expect(sent?.headers.authorization).toBe('Bearer upstream-secret');
  const form = await sent?.form();
  expect(form?.get('model')).toBe('fake-1');
  expect(form?.get('language')).toBe('de');
  expect(form?.get('prompt')).toBe('Fördermittel');
  expect(form?.getAll('timestamp_granularities[]')).toEqual(['word', 'segment']);
  const file = form?.get('file') as File;
  expect(file.name).toBe('talk.mp3');
  expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
  expect(await billOf(app, answer._request_id)).toEqual({
    outcome: 'finished',
    input_tokens: 0,
    output_tokens: 0,
    audio_seconds: 90,
    is_estimated: false,
    cost: 90_000n,
  });
  await expectCleanBooks(app);
});

test('tokens that the model server counted are paid as tokens', async () => {
  const usage = { type: 'tokens', input_tokens: 100, output_tokens: 20, total_tokens: 120 };
  app.model.answer(transcribes({ text: 'Hello', usage }));
  const openai = await sdkOf(app);
  for (const model of ['by-the-hour', 'by-the-token']) {
    const answer = await openai.audio.transcriptions.create({ file: await recording(), model });
    expect(await billOf(app, answer._request_id)).toMatchObject({
      input_tokens: 100,
      output_tokens: 20,
      is_estimated: false,
      cost: 140_000n,
    });
  }
});

test('where nobody counts, a WAV file is as long as its head says, and the bill is marked as an estimate', async () => {
  app.model.answer(transcribes({ text: 'Hello' }));
  const openai = await sdkOf(app);
  const answer = await openai.audio.transcriptions.create({
    file: await recording(wav(32_000, 12)),
    model: 'by-the-hour',
  });
  expect(await billOf(app, answer._request_id)).toMatchObject({
    audio_seconds: 12,
    is_estimated: true,
    cost: 12_000n,
  });
});

test('the length beside a text with time stamps counts, begun seconds whole', async () => {
  app.model.answer(transcribes({ task: 'transcribe', duration: 8.47, text: 'Hello', words: [] }));
  const openai = await sdkOf(app);
  const answer = await openai.audio.transcriptions.create({
    file: await recording(),
    model: 'by-the-hour',
    response_format: 'verbose_json',
  });
  expect(answer).toMatchObject({ duration: 8.47, words: [] });
  expect(await billOf(app)).toMatchObject({ audio_seconds: 9, cost: 9_000n });
});

test('a transcription without a price by the hour and without a count of tokens costs nothing for its time', async () => {
  app.model.answer(transcribes({ text: 'Hello', usage: { type: 'duration', seconds: 90 } }));
  const openai = await sdkOf(app);
  const answer = await openai.audio.transcriptions.create({
    file: await recording(),
    model: 'by-the-token',
  });
  expect(await billOf(app, answer._request_id)).toMatchObject({ audio_seconds: 90, cost: 0n });
});

test.each([
  ['srt', 'application/x-subrip', '1\n00:00:00,000 --> 00:00:01,000\nHi\n'],
  ['vtt', 'text/vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nHi\n'],
  ['text', 'text/plain; charset=utf-8', 'Hi\n'],
] as const)('an answer as %s passes as it is', async (format, type, text) => {
  app.model.answer(responds(200, text, { 'content-type': type }));
  const response = await sendsForm(app, {
    file: new Blob([wav(8_000, 3)]),
    model: 'by-the-hour',
    response_format: format,
  });
  expect(response.headers.get('content-type')).toBe(type);
  expect(await response.text()).toBe(text);
  expect(await billOf(app, response.headers.get('x-request-id'))).toMatchObject({
    audio_seconds: 3,
    is_estimated: true,
  });
});

test('a translation goes to its own address', async () => {
  app.model.answer(transcribes({ text: 'Hello', usage: { type: 'duration', seconds: 5 } }));
  const openai = await sdkOf(app);
  const answer = await openai.audio.translations.create({
    file: await recording(),
    model: 'by-the-hour',
  });
  expect(answer.text).toBe('Hello');
  expect(app.model.requests.at(-1)?.place).toBe('POST /v1/audio/translations');
});

const event = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;

test('a streamed transcription comes event by event, and is paid by its last', async () => {
  const usage = { type: 'tokens', input_tokens: 14, output_tokens: 5, total_tokens: 19 };
  app.model.answer(
    streamsText(
      event({ type: 'transcript.text.delta', delta: 'Hel' }),
      event({ type: 'transcript.text.delta', delta: 'lo' }),
      event({ type: 'transcript.text.done', text: 'Hello', usage }),
    ),
  );
  const openai = await sdkOf(app);
  const stream = await openai.audio.transcriptions.create({
    file: await recording(),
    model: 'by-the-hour',
    stream: true,
  });
  const types: string[] = [];
  for await (const { type } of stream) types.push(type);
  expect(types).toEqual(['transcript.text.delta', 'transcript.text.delta', 'transcript.text.done']);
  expect((await app.model.requests.at(-1)?.form())?.get('stream')).toBe('true');
  expect(await billOf(app)).toMatchObject({ input_tokens: 14, output_tokens: 5, cost: 24_000n });
});

test('when one model server fails, the whole recording goes to the other', async () => {
  app.model.answerNext(
    resetsAfter(),
    transcribes({ text: 'Hello', usage: { type: 'duration', seconds: 1 } }),
  );
  const openai = await sdkOf(app);
  const sent = app.model.requests.length;
  const bytes = wav(16_000, 10);
  const answer = await openai.audio.transcriptions.create({
    file: await recording(bytes),
    model: 'twice',
  });
  expect(answer.text).toBe('Hello');
  const forms = await Promise.all(app.model.requests.slice(sent).map((request) => request.form()));
  expect(forms.map((form) => (form.get('file') as File).size)).toEqual([
    bytes.length,
    bytes.length,
  ]);
  await expectCleanBooks(app);
});

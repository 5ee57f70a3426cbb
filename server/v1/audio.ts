/** `/v1/audio`: recordings become text, and text becomes speech. */
import type { ActorContext } from '../context.ts';
import type { Ask } from '../gateway/ask.ts';
import { binaryCompletion, completion, streamCompletion } from '../gateway/complete.ts';
import { fail } from '../kernel/failure.ts';
import { doorOf, type Exchange, sendEvents, whileUsable } from './completions.ts';
import { drained } from './drained.ts';
import { sendJson, sendText } from './errors.ts';
import { EventWriter } from './event-writer.ts';
import { readJsonBody } from './read-body.ts';
import { RecordingForm } from './recording.ts';
import { completionRequest, modelNamed, withModelName } from './wire.ts';

export async function answerAudio(
  ctx: ActorContext,
  exchange: Exchange,
  path: string,
): Promise<void> {
  if (path === '/audio/speech') return answerSpeech(ctx, exchange, path);
  const form = await RecordingForm.receive(exchange.request, ctx.config.api.bodyBytesMax.audio);
  try {
    await answerRecording(ctx, exchange, path, form);
  } finally {
    await form.close();
  }
}

async function answerRecording(
  ctx: ActorContext,
  exchange: Exchange,
  path: string,
  form: RecordingForm,
): Promise<void> {
  if (!form.hasRecording) fail('INVALID', 'file is required.', { param: 'file' });
  const model = modelNamed(form.field('model'));
  needNumber(form, 'temperature');
  const ask: Ask = {
    ...doorOf(exchange),
    model,
    path,
    body: { prompt: form.field('prompt') },
    recording: { seconds: form.seconds, form: (name) => form.upload(name) },
  };
  const isStream = form.field('stream') === 'true';
  await whileUsable(ctx, exchange, model, () =>
    isStream ? streamText(ctx, exchange, ask) : wholeText(ctx, exchange, ask),
  );
}

async function wholeText(ctx: ActorContext, exchange: Exchange, ask: Ask): Promise<void> {
  const { answer } = await completion(ctx, ask, exchange.signal);
  const { raw, contentType, upstreamModel } = answer;
  if (contentType === null) sendJson(exchange, 200, withModelName(raw, upstreamModel, ask.model));
  else sendText(exchange, 200, raw, contentType);
}

async function streamText(ctx: ActorContext, exchange: Exchange, ask: Ask): Promise<void> {
  const { pieces } = await streamCompletion(ctx, ask, exchange.signal);
  await sendEvents(ctx, exchange, pieces, new EventWriter({ ...ask, wantsUsage: true }));
}

async function answerSpeech(ctx: ActorContext, exchange: Exchange, path: string): Promise<void> {
  const json = await readJsonBody(exchange.request, ctx.config.api.bodyBytesMax.json);
  const { model, body } = completionRequest(json, 'input');
  const ask: Ask = { ...doorOf(exchange), model, path, body };
  await whileUsable(ctx, exchange, model, () => sendSpeech(ctx, exchange, ask));
}

async function sendSpeech(ctx: ActorContext, exchange: Exchange, ask: Ask): Promise<void> {
  const { response, headers, signal } = exchange;
  const { contentType, pieces } = await binaryCompletion(ctx, ask, signal);
  response.writeHead(200, {
    ...headers,
    'content-type': MEDIA_TYPE.test(contentType) ? contentType : 'application/octet-stream',
    'cache-control': 'no-store',
  });
  for await (const piece of pieces) if (!response.write(piece)) await drained(response, signal);
  // The answer is settled: only now may it look complete.
  response.end();
}

const MEDIA_TYPE = /^[\x20-\x7e]{1,200}$/;

function needNumber(form: RecordingForm, name: string): void {
  const value = form.field(name);
  if (value !== null && !(value.trim() !== '' && Number.isFinite(Number(value))))
    fail('INVALID', `${name} must be a number.`, { param: name });
}

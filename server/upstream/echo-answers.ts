/** What the echo model says, in the shapes of OpenAI's API. */
import { randomUUID } from 'node:crypto';
import { type JsonObject, jsonArray, jsonObject } from './json.ts';

/** One whole body, the events of a stream, or the reason why the request is bad. */
type Reply = { readonly whole: object } | { readonly events: Iterator<object> } | string;

interface Spoken {
  readonly text: string;
  readonly finishReason: 'stop' | 'length';
  readonly usage: object;
}

const DIMENSIONS = 8;

const LESSON = String.raw`I am **dummy**, the model that comes with Lumen. I only repeat what you write, so that you can look around before a real model is connected.

Formulas are shown as formulas, both inside a sentence, where $e^{i\pi} + 1 = 0$ fits well, and on a line of their own:

$$
\int_{-\infty}^{\infty} e^{-x^2} \, dx = \sqrt{\pi}
$$

From here you can

- write again, and watch the answer arrive word by word
- create an API key and call me with any OpenAI client
- connect a real model in ${'`config.yaml`'}
`;

export function answerChat(question: JsonObject): Reply {
  if (!Array.isArray(question.messages) || question.messages.length === 0) {
    return 'messages must be a list that is not empty.';
  }
  const messages = jsonArray(question.messages).map(jsonObject);
  const last = messages.findLast((message) => message?.role === 'user');
  const promptLength = messages.reduce((sum, message) => sum + textOf(message?.content).length, 0);
  const limit = question.max_completion_tokens ?? question.max_tokens;
  const spoken = speak(echoOf(textOf(last?.content)), limit, promptLength);
  const id = `chatcmpl-${randomUUID()}`;
  if (question.stream === true) {
    return { events: chatEvents(head(id, 'chat.completion.chunk'), spoken, wantsUsage(question)) };
  }
  const message = { role: 'assistant', content: spoken.text };
  return { whole: wholeAnswer(head(id, 'chat.completion'), { message }, spoken) };
}

export function answerCompletion(question: JsonObject): Reply {
  const prompt = textOf(question.prompt);
  if (prompt === '') return 'prompt must be a text.';
  const spoken = speak(prompt, question.max_tokens, prompt.length);
  const base = head(`cmpl-${randomUUID()}`, 'text_completion');
  if (question.stream === true) {
    return { events: completionEvents(base, spoken, wantsUsage(question)) };
  }
  return { whole: wholeAnswer(base, { text: spoken.text }, spoken) };
}

export function answerEmbeddings(question: JsonObject): Reply {
  const texts = typeof question.input === 'string' ? [question.input] : jsonArray(question.input);
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string')) {
    return 'input must be a text or a list of texts.';
  }
  const tokens = texts.reduce((sum, text) => sum + tokensOf(text.length), 0);
  const data = texts.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: embeddingOf(text),
  }));
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { whole: { object: 'list', model: 'dummy', data, usage } };
}

function echoOf(message: string): string {
  return `You wrote:\n\n> ${message.trim().replaceAll('\n', '\n> ')}\n\n${LESSON}`;
}

/** A limit counts words, which are close enough to tokens; the usage that is told never exceeds it. */
function speak(whole: string, limit: unknown, promptLength: number): Spoken {
  const wordsMax = Number.isInteger(limit)
    ? Math.max(limit as number, 0)
    : Number.POSITIVE_INFINITY;
  const text = firstWords(whole, wordsMax);
  const prompt = tokensOf(promptLength);
  const completion = Math.min(tokensOf(text.length), wordsMax);
  return {
    text,
    finishReason: text.length < whole.length ? 'length' : 'stop',
    usage: {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
    },
  };
}

function firstWords(text: string, wordsMax: number): string {
  if (wordsMax >= text.length) return text;
  let words = 0;
  let end = 0;
  for (const word of wordsOf(text)) {
    if (++words > wordsMax) break;
    end += word.length;
  }
  return text.slice(0, end);
}

function* chatEvents(base: object, spoken: Spoken, hasUsage: boolean): Generator<object> {
  yield chunk(base, { delta: { role: 'assistant', content: '' }, finish_reason: null });
  for (const word of wordsOf(spoken.text)) {
    yield chunk(base, { delta: { content: word }, finish_reason: null });
  }
  yield chunk(base, { delta: {}, finish_reason: spoken.finishReason });
  if (hasUsage) yield { ...base, choices: [], usage: spoken.usage };
}

function* completionEvents(base: object, spoken: Spoken, hasUsage: boolean): Generator<object> {
  for (const word of wordsOf(spoken.text)) yield chunk(base, { text: word, finish_reason: null });
  yield chunk(base, { text: '', finish_reason: spoken.finishReason });
  if (hasUsage) yield { ...base, choices: [], usage: spoken.usage };
}

function* wordsOf(text: string): Generator<string> {
  for (const [word] of text.matchAll(/\s*\S+\s*/g)) yield word;
}

const chunk = (base: object, choice: object) => ({ ...base, choices: [{ index: 0, ...choice }] });

function wholeAnswer(base: object, choice: object, { finishReason, usage }: Spoken): object {
  return { ...chunk(base, { ...choice, finish_reason: finishReason }), usage };
}

function head(id: string, object: string): object {
  return { id, object, created: Math.floor(Date.now() / 1000), model: 'dummy' };
}

function wantsUsage(question: JsonObject): boolean {
  return jsonObject(question.stream_options)?.include_usage === true;
}

const tokensOf = (characters: number) => Math.ceil(characters / 4);

/** The same text gives the same unit vector, and texts with the same letters lie close to each other. */
function embeddingOf(text: string): readonly number[] {
  const vector = new Array<number>(DIMENSIONS).fill(0);
  for (let i = 0; i < text.length; i++) {
    const dimension = text.charCodeAt(i) % DIMENSIONS;
    vector[dimension] = (vector[dimension] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => Math.round((value / length) * 1e6) / 1e6);
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return jsonArray(content)
    .map((part) => (typeof part === 'string' ? part : jsonObject(part)?.text))
    .filter((text) => typeof text === 'string')
    .join('\n');
}

/** What Lumen reads out of answers of chat, completion and embedding servers. Pure: text in, values out. */
import type { Answer, Delta } from './delta.ts';
import { type JsonObject, jsonArray, jsonObject, parseJsonObject } from './json.ts';
import { isTyped, producedByOutput, readTypedEvent } from './read-typed-event.ts';
import { readSeconds, readUsage } from './read-usage.ts';
import { cleaned } from './refusal-message.ts';
import { type ReadEvent, RepeatedEvent } from './repeated-event.ts';
import { upstreamFailure } from './upstream-failure.ts';

const NAME = /^[\x20-\x7e]{1,200}$/;
const LONE_HIGH_SURROGATE_AT_END = /[\ud800-\udbff]$/;

/** Reads the events of one stream, in their order: half a surrogate pair waits for its other half. */
export class DeltaReader {
  private readonly content = new TextMender();
  private readonly reasoning = new TextMender();
  private readonly repeated = new RepeatedEvent(readChoices);

  /**
   * @param data the event's data
   * @param name the event's name, `''` for none
   * @throws Failure UPSTREAM_FAILED when it is not a JSON object, or tells of an error
   */
  read(data: string, name = ''): Delta {
    const event = (name === '' && this.repeated.match(data)) || this.readWhole(data, name);
    const { finishReason } = event;
    const isLast = finishReason !== null;
    // One by one: spreading would take as long as all the rest does for most events.
    return {
      raw: oneLine(data),
      content: this.content.mend(event.content, isLast),
      reasoning: this.reasoning.mend(event.reasoning, isLast),
      producedCharacters: event.producedCharacters,
      finishReason,
      usage: event.usage,
      seconds: event.seconds,
      name: event.name,
      isUsageOnly: event.isUsageOnly,
      upstreamModel: event.upstreamModel,
    };
  }

  private readWhole(data: string, name: string): ReadEvent {
    const event = answerObject(data);
    if (name === 'error') throw upstreamFailure('failed', new Error(cleaned(data, [])));
    if (isTyped(event)) return readTypedEvent(event);
    const read = readChoices(event);
    this.repeated.learn(data, read);
    return read;
  }
}

function readChoices(event: JsonObject): ReadEvent {
  const choices = jsonArray(event.choices);
  const first = firstChoice(choices);
  const piece = jsonObject(first?.delta);
  return {
    content: textOf(piece ? piece.content : first?.text),
    reasoning: reasoningOf(piece),
    producedCharacters: producedBy(choices),
    finishReason: printable(first?.finish_reason),
    usage: readUsage(event),
    seconds: null,
    name: '',
    isUsageOnly:
      choices.length === 0 && Array.isArray(event.choices) && jsonObject(event.usage) !== null,
    upstreamModel: printable(event.model),
  };
}

/** Paths whose answers are choices; who asks reads the first one unseen. */
const CHOSEN: ReadonlySet<string> = new Set(['/chat/completions', '/completions']);

/**
 * Reads a whole answer: chat, completion, embeddings, or any other JSON object, with or without usage.
 * @throws Failure UPSTREAM_FAILED when it is not a JSON object, tells of an error, or has nothing to choose from
 */
export function readAnswer(raw: string, path: string): Answer {
  const answer = answerObject(raw);
  const choices = jsonArray(answer.choices);
  if (choices.length === 0 && CHOSEN.has(path))
    throw upstreamFailure('not_an_answer', new Error('an answer without choices'));
  return {
    raw,
    contentType: null,
    usage: readUsage(answer),
    seconds: readSeconds(answer),
    producedCharacters:
      producedBy(choices) + producedByOutput(answer.output) + textOf(answer.text).length,
    upstreamModel: printable(answer.model),
  };
}

/** An answer that is nothing but text: what was said in a recording, plain or as subtitles. */
export const readText = (raw: string, contentType: string): Answer => ({
  raw,
  contentType: printable(contentType) ?? 'text/plain; charset=utf-8',
  usage: null,
  seconds: null,
  producedCharacters: raw.length,
  upstreamModel: null,
});

/** Makes text that any store and any encoder takes: no NUL, no half of a surrogate pair. */
class TextMender {
  private carried = '';

  mend(text: string, isLast: boolean): string {
    if (text === '' && !(isLast && this.carried)) return '';
    let whole = this.carried + text;
    this.carried = '';
    if (!isLast && LONE_HIGH_SURROGATE_AT_END.test(whole)) {
      this.carried = whole.slice(-1);
      whole = whole.slice(0, -1);
    }
    const mended = whole.toWellFormed();
    return mended.includes('\0') ? mended.replaceAll('\0', '\ufffd') : mended;
  }
}

function answerObject(raw: string): JsonObject {
  const object = parseJsonObject(raw);
  if (!object) throw upstreamFailure('not_an_answer', new Error(`not JSON: ${cleaned(raw, [])}`));
  if ((object.error ?? null) !== null || object.object === 'error') {
    throw upstreamFailure('failed', new Error(cleaned(raw, [])));
  }
  return object;
}

/** An event of an answer with several choices may hold only a later one, told by its `index`. */
function firstChoice(choices: readonly unknown[]): JsonObject | null {
  for (const value of choices) {
    const choice = jsonObject(value);
    if (choice && (choice.index ?? 0) === 0) return choice;
  }
  return null;
}

function producedBy(choices: readonly unknown[]): number {
  let characters = 0;
  for (const value of choices) {
    const choice = jsonObject(value);
    if (!choice) continue;
    const piece = jsonObject(choice.delta) ?? jsonObject(choice.message);
    characters += piece ? producedIn(piece) : textOf(choice.text).length;
  }
  return characters;
}

function producedIn(piece: JsonObject): number {
  let characters =
    textOf(piece.content).length + reasoningOf(piece).length + textOf(piece.refusal).length;
  if (piece.tool_calls !== undefined) {
    for (const call of jsonArray(piece.tool_calls))
      characters += callLength(jsonObject(call)?.function);
  }
  if (piece.function_call !== undefined) characters += callLength(piece.function_call);
  return characters;
}

function callLength(value: unknown): number {
  const call = jsonObject(value);
  return call ? textOf(call.name).length + textOf(call.arguments).length : 0;
}

function reasoningOf(piece: JsonObject | null): string {
  if (!piece) return '';
  return textOf(piece.reasoning_content) || textOf(piece.reasoning) || textOf(piece.reasoning_text);
}

/** Text as a string or as an array of text parts. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  let text = '';
  for (const part of jsonArray(value)) {
    const partText = jsonObject(part)?.text;
    if (typeof partText === 'string') text += partText;
  }
  return text;
}

function printable(value: unknown): string | null {
  return typeof value === 'string' && NAME.test(value) ? value : null;
}

/** Inside JSON a bare line feed can only stand between tokens, where a space says the same. */
function oneLine(json: string): string {
  return json.includes('\n') ? json.replaceAll('\n', ' ') : json;
}

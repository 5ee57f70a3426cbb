/** The shapes of OpenAI's wire: what callers send, and the little that is changed in what they get. */
import type { JsonObject } from '../gateway/ask.ts';
import { fail } from '../kernel/failure.ts';
import { jsonObject } from '../upstream/json.ts';

export interface CompletionRequest {
  readonly model: string;
  readonly isStream: boolean;
  /** The client asked for the usage event at the end of the stream. */
  readonly wantsUsage: boolean;
  /** Everything else, to be sent on as it is. */
  readonly body: JsonObject;
}

/** Names by which SDKs steer themselves; at a model server they could steer the gateway past its own rules. */
export const SDK_NAMES: readonly string[] = [
  'extra_body',
  'extra_headers',
  'extra_query',
  'timeout',
];

/** Model servers disagree about limits that are none: to some, 0 and -1 are no limit at all. */
const LIMITS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'] as const;

/**
 * @throws Failure INVALID when `model` or the field that the endpoint can't do without is missing, or when what Lumen
 *   itself goes by is not of its kind
 */
export function completionRequest(json: JsonObject, needed: string): CompletionRequest {
  const { stream, stream_options: options } = json;
  const model = modelNamed(json.model);
  if (isEmpty(json[needed]))
    return fail('INVALID', `${needed} is missing or empty.`, { param: needed });
  if (needed === 'messages') needMessages(json.messages);
  if (typeof (stream ?? false) !== 'boolean') mustBe('stream', 'true or false');
  if (!jsonObject(options ?? {})) mustBe('stream_options', 'an object');
  for (const name of LIMITS) if (!isLimit(json[name] ?? 1)) mustBe(name, 'a whole number above 0');
  const isStream = stream === true;
  const body = withOneSystemMessage(passedOn(json, isStream));
  return { model, isStream, wantsUsage: asksForUsage(options), body };
}

/** A copy of the whole and not of its entries: this is done for each request, and nearly always there is nothing to remove. */
function passedOn(json: JsonObject, isStream: boolean): JsonObject {
  const { model, stream, ...body }: Record<string, unknown> = json;
  for (const name of SDK_NAMES) if (name in body) delete body[name];
  if (!isStream && 'stream_options' in body) delete body.stream_options;
  return body;
}

function needMessages(messages: unknown): void {
  if (Array.isArray(messages) && messages.every(jsonObject)) return;
  mustBe('messages', 'a list of messages');
}

const mustBe = (param: string, what: string): never =>
  fail('INVALID', `${param} must be ${what}.`, { param });

const isLimit = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;

/** @throws Failure INVALID when it is no name */
export function modelNamed(model: unknown): string {
  if (typeof model === 'string' && model !== '') return model;
  return fail('INVALID', 'model is missing: name one that GET /v1/models lists.', {
    param: 'model',
  });
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);

const asksForUsage = (options: unknown): boolean =>
  typeof options === 'object' &&
  options !== null &&
  'include_usage' in options &&
  options.include_usage === true;

/** Many model servers refuse a second system message: those that lead become one. */
function withOneSystemMessage(body: JsonObject): JsonObject {
  const { messages } = body;
  if (!Array.isArray(messages)) return body;
  const leading = messages.findIndex((message) => message?.role !== 'system');
  const systems = messages.slice(0, leading === -1 ? messages.length : leading);
  if (systems.length < 2) return body;
  const content = systems.flatMap((message) => textOf(message.content)).join('\n\n');
  return { ...body, messages: [{ ...systems[0], content }, ...messages.slice(systems.length)] };
}

function textOf(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part) => (typeof part?.text === 'string' ? [part.text] : []));
}

/** The JSON text with the name of the model that was asked for; untouched when it has that already. */
export function withModelName(raw: string, upstreamModel: string | null, asked: string): string {
  if (upstreamModel === null || upstreamModel === asked) return raw;
  const name = JSON.stringify(upstreamModel);
  // As a key it can't stand inside a string of the answer: there, its quotation marks are escaped.
  const at = raw.search(/"model"\s*:/);
  const from = at === -1 ? -1 : raw.indexOf(name, at + '"model"'.length);
  return from === -1
    ? raw
    : raw.slice(0, from) + JSON.stringify(asked) + raw.slice(from + name.length);
}

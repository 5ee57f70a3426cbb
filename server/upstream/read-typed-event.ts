/** Events of the dialects in which each has a type and no choices: `/responses`, transcriptions, images. */
import type { Delta } from './delta.ts';
import { type JsonObject, jsonArray, jsonObject } from './json.ts';
import { readSeconds, readUsage } from './read-usage.ts';
import { cleaned } from './refusal-message.ts';
import { upstreamFailure } from './upstream-failure.ts';

/** After one of these an answer is complete. */
const LAST = new Set([
  'response.completed',
  'response.incomplete',
  'transcript.text.done',
  'image_generation.completed',
]);
const FAILED = new Set(['error', 'response.failed', 'response.cancelled']);
const TYPE = /^[a-z][a-z_.]{0,99}$/;
/** Of sound and pictures, not of anything that is written. */
const BINARY_DELTA = /audio\.delta$/;

export const isTyped = (event: JsonObject): event is JsonObject & { readonly type: string } =>
  typeof event.type === 'string' && TYPE.test(event.type) && event.choices === undefined;

/** @throws Failure UPSTREAM_FAILED when the event tells of an error */
export function readTypedEvent(event: JsonObject & { readonly type: string }): Omit<Delta, 'raw'> {
  const { type } = event;
  if (FAILED.has(type))
    throw upstreamFailure('failed', new Error(cleaned(JSON.stringify(event), [])));
  const response = jsonObject(event.response);
  const model = response?.model;
  return {
    content: '',
    reasoning: '',
    producedCharacters:
      typeof event.delta === 'string' && !BINARY_DELTA.test(type) ? event.delta.length : 0,
    finishReason: LAST.has(type) ? type : null,
    usage: readUsage(response ?? event),
    seconds: readSeconds(response ?? event),
    name: type,
    isUsageOnly: false,
    upstreamModel: typeof model === 'string' ? model : null,
  };
}

/** Text of a whole answer of `/responses`, what it thought and called included, in UTF-16 units. */
export function producedByOutput(output: unknown): number {
  let characters = 0;
  for (const value of jsonArray(output)) {
    const item = jsonObject(value);
    if (typeof item?.arguments === 'string') characters += item.arguments.length;
    for (const part of [...jsonArray(item?.content), ...jsonArray(item?.summary)]) {
      const text = jsonObject(part)?.text;
      if (typeof text === 'string') characters += text.length;
    }
  }
  return characters;
}

/** What model servers tell of a model in their lists, each in fields of its own. */
import { type JsonObject, jsonArray, jsonObject } from './json.ts';

/** Null is not told. */
export interface ToldMetadata {
  readonly owner: string | null;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly supportsReasoning: boolean | null;
  readonly supportsFunctionCalling: boolean | null;
  readonly inputModalities: readonly string[] | null;
  readonly outputModalities: readonly string[] | null;
}

/** Of one entry of `GET /models`: vLLM, SGLang, llama.cpp, LiteLLM, Mistral, OpenRouter and Lumen say most of this. */
export function readMetadata(entry: JsonObject): ToldMetadata {
  const top = jsonObject(entry.top_provider) ?? {};
  const meta = jsonObject(entry.meta) ?? {};
  const architecture = jsonObject(entry.architecture) ?? {};
  const { owned_by: owner } = entry;
  return {
    owner: typeof owner === 'string' ? owner.slice(0, 200) : null,
    contextWindow: tokens(
      entry.max_model_len,
      entry.context_length,
      entry.context_window,
      entry.max_context_length,
      top.context_length,
      meta.n_ctx,
      meta.n_ctx_train,
    ),
    maxOutputTokens: tokens(
      entry.max_output_tokens,
      entry.max_completion_tokens,
      top.max_completion_tokens,
    ),
    supportsReasoning: can(entry, 'reasoning', 'supports_reasoning'),
    supportsFunctionCalling: can(entry, 'tools', 'supports_function_calling', 'function_calling'),
    inputModalities:
      modalities(entry.input_modalities) ??
      modalities(architecture.input_modalities) ??
      (can(entry, 'vision') ? ['text', 'image'] : null),
    outputModalities:
      modalities(entry.output_modalities) ?? modalities(architecture.output_modalities),
  };
}

const tokens = (...told: readonly unknown[]): number | null =>
  told.find(
    (value): value is number =>
      Number.isSafeInteger(value) && Number(value) > 0 && Number(value) < 1e9,
  ) ?? null;

/** Whether one of the names is said of the model: as a field, a capability, or a parameter that it takes. */
function can(entry: JsonObject, ...names: readonly string[]): boolean | null {
  const capabilities = jsonObject(entry.capabilities) ?? {};
  const told = names
    .flatMap((name) => [entry[name], capabilities[name]])
    .find((value) => typeof value === 'boolean');
  if (typeof told === 'boolean') return told;
  const lists = [entry.supported_parameters, entry.capabilities].filter(Array.isArray);
  if (lists.length === 0) return null;
  // Parameters are listed whole; capabilities in lists are those that somebody thought of.
  const isListed = lists.flat().some((name) => names.includes(String(name)));
  return isListed || (Array.isArray(entry.supported_parameters) && names[0] !== 'vision')
    ? isListed
    : null;
}

const KNOWN = ['text', 'image', 'audio'];

function modalities(value: unknown): readonly string[] | null {
  const known = jsonArray(value).filter((name): name is string => KNOWN.includes(String(name)));
  return known.length > 0 ? known : null;
}

/** What the endpoints of a model say of it, beside what the configuration says: a proposal, which changes nothing. */
import { stringify } from 'yaml';
import type { EndpointConfig, ModelConfig } from '../config/config.ts';
import { administrator, type Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import type { ModelClient } from '../upstream/model-client.ts';
import { readMetadata, type ToldMetadata } from '../upstream/read-metadata.ts';
import { errorWords, MODEL_MISSING } from './endpoint-error.ts';

declare module '../context.ts' {
  interface Parts {
    readonly upstream: ModelClient;
  }
}

export interface EndpointAnswer {
  readonly host: string;
  readonly owner: string | null;
  /** Why it told nothing; null when it did. */
  readonly error: string | null;
}

export interface MetadataChange {
  /** As `config.yaml` has it. */
  readonly setting: string;
  /** As text; null when nothing is configured. */
  readonly configured: string | null;
  readonly offered: string;
}

export interface MetadataProposal {
  readonly model: string;
  readonly endpoints: readonly EndpointAnswer[];
  /** Only what differs. */
  readonly changes: readonly MetadataChange[];
  /** The changes as lines of the model's block; empty without any. */
  readonly yaml: string;
}

const TIMEOUT_MS = 5_000;

const SETTINGS = {
  context_window: 'contextWindow',
  max_output_tokens: 'maxOutputTokens',
  supports_reasoning: 'supportsReasoning',
  supports_function_calling: 'supportsFunctionCalling',
  input_modalities: 'inputModalities',
  output_modalities: 'outputModalities',
} as const satisfies Record<string, keyof ToldMetadata & keyof ModelConfig>;

type Value = number | boolean | readonly string[];

/** Asks all endpoints of the model now. @throws Failure UNAUTHENTICATED, FORBIDDEN, NOT_FOUND */
export async function endpointMetadata(
  ctx: Pick<Context, 'actor' | 'config' | 'parts'>,
  name: string,
): Promise<MetadataProposal> {
  administrator(ctx);
  const model = ctx.config.models.get(name) ?? fail('NOT_FOUND', 'There is no such model.');
  const answers = await Promise.all(
    model.endpoints.map((endpoint) => answerOf(ctx.parts.upstream, endpoint)),
  );
  const told = answers.flatMap(({ metadata }) => metadata ?? []);
  const differing = Object.entries(SETTINGS).flatMap(([setting, key]) => {
    const offered = agreed(told.map((one) => one[key]).filter((value) => value !== null));
    const isSame = JSON.stringify(offered) === JSON.stringify(model[key]);
    return offered === null || isSame ? [] : [{ setting, configured: model[key], offered }];
  });
  return {
    model: name,
    endpoints: answers.map(({ endpoint }) => endpoint),
    changes: differing.map(({ setting, configured, offered }) => ({
      setting,
      configured: configured === null ? null : inWords(configured),
      offered: inWords(offered),
    })),
    yaml:
      differing.length === 0
        ? ''
        : stringify(
            Object.fromEntries(differing.map(({ setting, offered }) => [setting, offered])),
          ),
  };
}

interface Told {
  readonly endpoint: EndpointAnswer;
  readonly metadata: ToldMetadata | null;
}

async function answerOf(client: ModelClient, endpoint: EndpointConfig): Promise<Told> {
  const { host } = endpoint;
  try {
    const entry = await client.describeModel(endpoint, TIMEOUT_MS);
    if (!entry) return { endpoint: { host, owner: null, error: MODEL_MISSING }, metadata: null };
    const metadata = readMetadata(entry);
    return { endpoint: { host, owner: metadata.owner, error: null }, metadata };
  } catch (error) {
    return { endpoint: { host, owner: null, error: errorWords(error) }, metadata: null };
  }
}

/** What holds at every endpoint that says it: the smallest number, and what all of them can. */
function agreed(values: readonly Value[]): Value | null {
  const [first] = values;
  if (first === undefined) return null;
  if (typeof first === 'number') return Math.min(...values.map(Number));
  if (typeof first === 'boolean') return values.every(Boolean);
  return first.filter((name) => values.every((list) => (list as readonly string[]).includes(name)));
}

const inWords = (value: Value): string =>
  typeof value === 'object' ? value.join(', ') : String(value);

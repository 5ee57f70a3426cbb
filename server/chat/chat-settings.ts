/** What the answers of a conversation are made with, besides what was said. */
import { z } from 'zod';
import type { JsonObject } from '../gateway/ask.ts';
import { fail } from '../kernel/failure.ts';
import { storable } from '../kernel/storable.ts';

export const REASONING_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high'] as const;
const SYSTEM_PROMPT_CHARACTERS_MAX = 32_000;
const INT_MAX = 2 ** 31 - 1;

const schema = z.object({
  systemPrompt: z.string().max(SYSTEM_PROMPT_CHARACTERS_MAX).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  topP: z.number().gt(0).max(1).nullish(),
  maxTokens: z.int().min(1).max(INT_MAX).nullish(),
  reasoningEffort: z.enum(REASONING_EFFORTS).nullish(),
  seed: z.int().min(-INT_MAX).max(INT_MAX).nullish(),
});

/** What is left out is the model's own choice. */
export interface ChatSettings {
  readonly systemPrompt?: string;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly reasoningEffort?: (typeof REASONING_EFFORTS)[number];
  readonly seed?: number;
}

export type ChatSettingsWish = z.input<typeof schema>;

/** Only what was set. @throws Failure INVALID, with the setting's name */
export function chatSettings(wish: ChatSettingsWish): ChatSettings {
  const { success, data, error } = schema.safeParse(wish);
  if (!success) return refuse(error);
  const systemPrompt = storable(data.systemPrompt ?? '').trim();
  const set = Object.entries({ ...data, systemPrompt: systemPrompt || null });
  return Object.fromEntries(set.filter(([, value]) => value != null));
}

function refuse({ issues: [issue] }: z.ZodError): never {
  const param = String(issue?.path[0] ?? 'settings');
  return fail('INVALID', `${param}: ${issue?.message ?? 'not a setting'}`, { param });
}

/** The parameters as model servers know them. */
export function parametersOf(settings: ChatSettings): JsonObject {
  const named = {
    temperature: settings.temperature,
    top_p: settings.topP,
    max_tokens: settings.maxTokens,
    reasoning_effort: settings.reasoningEffort,
    seed: settings.seed,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

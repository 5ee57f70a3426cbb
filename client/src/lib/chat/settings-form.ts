// The settings of a conversation as the fields of a form: empty is unset.
import type {
  ChatSettingsInput,
  ReasoningEffort,
  SettingsFragment,
} from '#lib/graphql/generated.ts';

export const effortTexts = (): Readonly<Record<ReasoningEffort | '', string>> => ({
  '': 'As the model does by itself',
  NONE: 'None',
  MINIMAL: 'Minimal',
  LOW: 'Low',
  MEDIUM: 'Medium',
  HIGH: 'High',
});

export interface SettingsForm {
  systemPrompt: string;
  temperature: string;
  topP: string;
  maxTokens: string;
  seed: string;
  reasoningEffort: ReasoningEffort | '';
}

type Settings = Partial<SettingsFragment> | ChatSettingsInput | undefined;

const written = (value: number | null | undefined) => (value == null ? '' : String(value));

export const formOf = (settings: Settings): SettingsForm => ({
  systemPrompt: settings?.systemPrompt ?? '',
  temperature: written(settings?.temperature),
  topP: written(settings?.topP),
  maxTokens: written(settings?.maxTokens),
  seed: written(settings?.seed),
  reasoningEffort: settings?.reasoningEffort ?? '',
});

const number = (text: string) => (text.trim() === '' ? null : Number(text));

export const settingsOf = (form: SettingsForm): ChatSettingsInput => ({
  systemPrompt: form.systemPrompt.trim() || null,
  temperature: number(form.temperature),
  topP: number(form.topP),
  maxTokens: number(form.maxTokens),
  seed: number(form.seed),
  reasoningEffort: form.reasoningEffort || null,
});

/** How many settings are set. */
export const settingsCount = (settings: Settings): number =>
  Object.values(formOf(settings)).filter((text) => text !== '').length;

import { expect, test } from 'vitest';
import { readMetadata } from '../../../server/upstream/read-metadata.ts';

const NOTHING = {
  owner: null,
  contextWindow: null,
  maxOutputTokens: null,
  supportsReasoning: null,
  supportsFunctionCalling: null,
  inputModalities: null,
  outputModalities: null,
};

test.each([
  [
    'vLLM',
    { id: 'm', owned_by: 'vllm', max_model_len: 32_768 },
    { owner: 'vllm', contextWindow: 32_768 },
  ],
  ['llama.cpp', { id: 'm', meta: { n_ctx_train: 8_192 } }, { contextWindow: 8_192 }],
  [
    'Mistral',
    { max_context_length: 131_072, capabilities: { function_calling: true, vision: true } },
    {
      contextWindow: 131_072,
      supportsFunctionCalling: true,
      inputModalities: ['text', 'image'],
    },
  ],
  [
    'OpenRouter',
    {
      context_length: 200_000,
      top_provider: { max_completion_tokens: 64_000 },
      architecture: { input_modalities: ['text', 'image', 'file'], output_modalities: ['text'] },
      supported_parameters: ['tools', 'temperature'],
    },
    {
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
      supportsReasoning: false,
      supportsFunctionCalling: true,
      inputModalities: ['text', 'image'],
      outputModalities: ['text'],
    },
  ],
  [
    'nonsense',
    { max_model_len: '32768', context_length: -1, architecture: 7, capabilities: 'all' },
    {},
  ],
])('what is told is read: %s', (_, entry, told) => {
  expect(readMetadata(entry)).toEqual({ ...NOTHING, ...told });
});

// The settings of one model and its endpoints.
import { z } from 'zod';
import {
  access,
  coinPrice,
  count,
  flag,
  listOf,
  name,
  secret,
  text,
  webAddress,
} from './schema-values.ts';

const TOKENS_MAX = 1e9;

const endpointSchema = z
  .strictObject({
    url: webAddress().describe(
      'Address of an OpenAI-compatible model server, with its /v1 at the end.',
    ),
    api_key: secret()
      .default('')
      .describe('Key that this model server asks for; leave it out where none is needed.'),
    model: name()
      .optional()
      .describe("The model's name at this model server; without it, the model's own name."),
  })
  .describe('One model server that answers for the model.');

export const modelSchema = z
  .strictObject({
    name: name().describe('Name that people choose and programs send; it may contain a slash.'),
    disabled: flag()
      .default(false)
      .describe('Whether the model is switched off for everybody, whatever else is said of it.'),
    access: access()
      .optional()
      .describe(
        'Whether people may use the model where neither they nor a group of theirs has a rule for it.',
      ),
    needs_ack: flag()
      .default(false)
      .describe('Whether each person must accept the acknowledgement once before use.'),
    ack_message: text()
      .optional()
      .describe(
        'Text of the acknowledgement, in Markdown; without it, defaults.models.ack_message.',
      ),
    input_cost_per_million: coinPrice().describe('Coins for a million input tokens.'),
    cached_input_cost_per_million: coinPrice()
      .optional()
      .describe(
        'Coins for a million input tokens that the model server had cached; without it, the input price.',
      ),
    output_cost_per_million: coinPrice().describe('Coins for a million output tokens.'),
    description: text().optional().describe('One or two sentences about the model.'),
    notice: text().optional().describe('Note shown with the model, in Markdown.'),
    url: webAddress().optional().describe('Web page about the model.'),
    context_window: count(0, TOKENS_MAX)
      .optional()
      .describe('Tokens that input and output may have together; 0 is unknown.'),
    max_output_tokens: count(0, TOKENS_MAX)
      .optional()
      .describe('Tokens that one answer may have; 0 is unknown.'),
    supports_reasoning: flag()
      .optional()
      .describe('Whether the model can think before it answers.'),
    supports_function_calling: flag().optional().describe('Whether the model can call tools.'),
    input_modalities: listOf(text())
      .optional()
      .describe('What the model reads: text, image, audio.'),
    output_modalities: listOf(text())
      .optional()
      .describe('What the model writes: text, image, audio.'),
    knowledge_cutoff: text().optional().describe('Month in which its knowledge ends, as YYYY-MM.'),
    endpoints: z
      .array(endpointSchema)
      .default([])
      .describe('Model servers that take turns; those that do not answer are skipped.'),
  })
  .describe('One model.');

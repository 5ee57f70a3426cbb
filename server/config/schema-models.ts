// The settings of one model and its endpoints.
import { z } from 'zod';
import {
  access,
  amount,
  coinPrice,
  count,
  flag,
  listOf,
  name,
  seconds,
  secret,
  text,
  webAddress,
} from './schema-values.ts';

const TOKENS_MAX = 1e9;
const TIMEOUT_MAX = 3600;
const WEIGHT_MAX = 1000;
const CONCURRENT_MAX = 100_000;
/** So that the price of a million seconds fits where prices are stored. */
const AUDIO_PRICE_MAX = 10_000;

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
    weight: count(1, WEIGHT_MAX)
      .default(1)
      .describe('Share of the requests that it gets, where rotation is weighted.'),
    max_concurrent: count(1, CONCURRENT_MAX)
      .optional()
      .describe(
        'Requests that each replica sends it at a time, so that two may send twice as many; without it, no limit.',
      ),
    connect_timeout: seconds(TIMEOUT_MAX)
      .optional()
      .describe('Replaces upstream.connect_timeout for this model server.'),
    first_byte_timeout: seconds(TIMEOUT_MAX)
      .optional()
      .describe('Replaces upstream.first_byte_timeout for this model server.'),
    idle_timeout: seconds(TIMEOUT_MAX)
      .optional()
      .describe('Replaces upstream.idle_timeout for this model server.'),
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
    audio_cost_per_hour: amount()
      .pipe(z.number().max(AUDIO_PRICE_MAX))
      .optional()
      .describe(
        'Coins for an hour of audio, read or spoken, where the model server does not count tokens; without it, tokens count.',
      ),
    description: text().optional().describe('One or two sentences about the model.'),
    notice: text()
      .optional()
      .describe(
        'Note on the page of the model, in Markdown; one with needs_ack shows its terms there instead.',
      ),
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
    rotation: z
      .enum(['round_robin', 'least_busy', 'weighted'])
      .default('round_robin')
      .describe(
        'How its model servers share the requests: in turn, to the one with the fewest under way, or by weight.',
      ),
    endpoints: z
      .array(endpointSchema)
      .default([])
      .describe('Model servers that share its requests; those that do not answer are skipped.'),
  })
  .describe('One model.');

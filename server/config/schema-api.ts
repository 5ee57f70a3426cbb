// What config.yaml may say of programs and monitoring systems.
import { z } from 'zod';
import { count, flag, secret, text } from './schema-values.ts';

const prometheus = z
  .strictObject({
    enabled: flag().default(false).describe('Whether /metrics answers to whoever has the token.'),
    token: secret()
      .optional()
      .describe('What Prometheus sends as "Authorization: Bearer …"; without it, /metrics is off.'),
    multiproc_dir: text()
      .optional()
      .describe('Accepted from older files and not used: each process counts in its memory.'),
  })
  .prefault({})
  .describe('Metrics for Prometheus.');

const monitoring = z
  .strictObject({
    token: secret()
      .optional()
      .describe('Opens GET /v1/models, with all models, and nothing else; without it, nothing.'),
  })
  .prefault({})
  .describe('A look at the models for monitoring systems, which have no account.');

const BODY_MB_MAX = 1024;

const limits = z
  .strictObject({
    json_mb: count(1, BODY_MB_MAX).default(20).describe('Megabytes that a JSON request may have.'),
    audio_mb: count(1, BODY_MB_MAX)
      .default(25)
      .describe('Megabytes that a request with a recording may have.'),
  })
  .prefault({})
  .describe('Sizes of requests; a larger one is refused unread.');

const LIMIT_MAX = 1_000_000;

export const graphqlSchema = z
  .strictObject({
    introspection: z
      .enum(['administrators', 'everyone', 'nobody'])
      .default('administrators')
      .describe('Who may read the schema from the running server.'),
    persisted_only: flag()
      .default(false)
      .describe(
        'Whether browsers may send only the operations of Lumen’s own page; API keys, and administrators, stay free.',
      ),
    max_depth: count(1, LIMIT_MAX)
      .default(12)
      .describe('Levels of fields that an operation may have.'),
    max_aliases: count(0, LIMIT_MAX).default(30).describe('Aliases that an operation may have.'),
    max_directives: count(0, LIMIT_MAX)
      .default(20)
      .describe('Directives that an operation may have.'),
    max_cost: count(1, LIMIT_MAX)
      .default(20_000)
      .describe(
        'Fields that an operation may have, those of a page counted once for each of its nodes.',
      ),
  })
  .prefault({})
  .describe('The GraphQL API; a document beyond a limit is refused before it is run.');

export const apiSchema = z
  .strictObject({
    consent: flag()
      .default(true)
      .describe('Whether needs_ack also holds for programs that use /v1.'),
    limits,
    prometheus,
    monitoring,
  })
  .prefault({})
  .describe('The OpenAI-compatible API, and what monitoring systems may see.');

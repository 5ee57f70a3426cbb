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

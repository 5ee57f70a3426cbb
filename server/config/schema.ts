// The only statement of what config.yaml may say, in its newest form. Older forms are rewritten to it by legacy.ts
// beforehand; validation, docs/config.md and the test of config.yaml.example are made from it.
import { z } from 'zod';
import { parseRates, RATES_ACCEPTED } from './rate-notation.ts';
import { apiSchema, graphqlSchema } from './schema-api.ts';
import { appSchema } from './schema-app.ts';
import { chatSchema } from './schema-chat.ts';
import { modelSchema } from './schema-models.ts';
import { defaultsSchema, groupsSchema, projectsSchema, usersSchema } from './schema-scopes.ts';
import { count, flag, listOf, seconds, secret, text, webAddress } from './schema-values.ts';

const TIMEOUT_MAX = 3600;

const oauth2 = z
  .strictObject({
    client_id: text().optional().describe('Id under which the provider knows this portal.'),
    client_secret: secret().optional().describe('Secret that the provider gave with client_id.'),
    server_metadata_url: webAddress()
      .optional()
      .describe('Address of the provider’s .well-known/openid-configuration.'),
    redirect_uri: webAddress()
      .optional()
      .describe('This portal’s address with /callback, exactly as registered with the provider.'),
    scopes: z
      .preprocess((value) => (Array.isArray(value) ? value.join(' ') : value), z.string())
      .default('openid email profile')
      .describe('What the provider is asked to tell, separated by spaces.'),
    params: z
      .record(z.string(), text())
      .default({})
      .describe('Additional parameters of the sign-in address, such as idphint.'),
    allow_unverified_email: flag()
      .default(false)
      .describe('Whether people may sign in whose e-mail address the provider calls unverified.'),
    link_by_email: z
      .enum(['verified', 'always', 'never'])
      .default('verified')
      .describe(
        'When an identity new to this portal gets the account that has its e-mail address: verified asks that the provider calls the address verified.',
      ),
  })
  .check(refuseHalf)
  .prefault({})
  .describe('Sign-in through an OpenID Connect provider.');

const rateLimiting = z
  .strictObject({
    limit: rates()
      .default('30 per minute')
      .describe(
        'Requests to /v1 and messages for each API key or person; unlimited, or several limits joined by ; are possible.',
      ),
    failed_keys: rates()
      .default('20 per minute')
      .describe('Attempts with API keys that open nothing, for each address that they come from.'),
    storage_url: redisAddress().describe('Older place of redis.url; either may be used.'),
  })
  .prefault({})
  .describe('Limits on the number of requests.');

export const configSchema = z.strictObject({
  version: count(1, 2).optional().describe('Form of this file: 2 is the newest.'),
  app: appSchema,
  oauth2,
  admins: listOf(z.string().trim().min(1).max(320))
    .default([])
    .describe('E-mail addresses of the administrators.'),
  models: z.array(modelSchema).default([]).describe('Models that this portal offers.'),
  groups: groupsSchema,
  users: usersSchema,
  projects: projectsSchema,
  defaults: defaultsSchema,
  chat: chatSchema,
  budgets: z
    .strictObject({
      output_tokens: count(1, 10_000_000)
        .default(8192)
        .describe(
          'Output tokens held for an answer when neither request nor model states a limit.',
        ),
      clamp_output: flag()
        .default(true)
        .describe('Whether an answer is shortened to what the pool affords, instead of refused.'),
    })
    .prefault({})
    .describe('How the cost of an answer is held before it is known.'),
  upstream: z
    .strictObject({
      connect_timeout: seconds(TIMEOUT_MAX)
        .default(5)
        .describe('Seconds until a model server must accept a connection.'),
      first_byte_timeout: seconds(TIMEOUT_MAX)
        .default(120)
        .describe('Seconds until a model server must begin to answer.'),
      idle_timeout: seconds(TIMEOUT_MAX)
        .default(60)
        .describe('Seconds that a model server may fall silent within an answer.'),
    })
    .prefault({})
    .describe('Patience with model servers.'),
  api: apiSchema,
  graphql: graphqlSchema,
  rate_limiting: rateLimiting,
  redis: z
    .strictObject({
      url: redisAddress().describe(
        'Address of a Redis server; needed when several Lumen processes run.',
      ),
    })
    .prefault({})
    .describe('What several Lumen processes share besides the database.'),
});

/** A file in the newest form, with every default filled in. */
export type ConfigFile = z.output<typeof configSchema>;
export type PoolBlock = ConfigFile['defaults']['tokens'];
export type EndpointBlock = ConfigFile['models'][number]['endpoints'][number];
export type GroupBlock = ConfigFile['groups'][string];
export type AccountBlock = ConfigFile['users'][string];
export type AccessBlock = GroupBlock['model_access'];
export type RuleBlock = GroupBlock['rules'][number];

function rates() {
  return z.string().refine((text) => parseRates(text) !== null, RATES_ACCEPTED);
}

function redisAddress() {
  return secret()
    .trim()
    .regex(/^(rediss?:\/\/|memory:)/, 'an address that begins with redis:// or rediss://')
    .optional();
}

function refuseHalf({ value, issues }: z.core.ParsePayload<Record<string, unknown>>): void {
  if (!value.client_id) return;
  for (const key of ['client_secret', 'server_metadata_url']) {
    if (value[key]) continue;
    const message = `${key}, since client_id is set`;
    issues.push({ code: 'custom', path: [key], message, input: undefined });
  }
}

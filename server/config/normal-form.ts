// From the newest form of the file to what the rest of Lumen reads.
import { createHash } from 'node:crypto';
import { type Coins, coins, NO_COINS, price, priceByTheHour } from '../kernel/coins.ts';
import { normalEmail } from '../kernel/email.ts';
import { slugOf } from '../kernel/slug.ts';
import type {
  Access,
  AccessRules,
  AccountConfig,
  Config,
  EndpointConfig,
  GroupConfig,
  GroupRule,
  ModelConfig,
  OAuth2Config,
  PoolPolicy,
} from './config.ts';
import { apiSettings, graphqlSettings } from './normal-api.ts';
import { chat } from './normal-chat.ts';
import { parseRates } from './rate-notation.ts';
import type {
  AccessBlock,
  AccountBlock,
  ConfigFile,
  EndpointBlock,
  GroupBlock,
  PoolBlock,
  RuleBlock,
} from './schema.ts';

const UNLIMITED = -2;
const MS_PER_SECOND = 1000;
const ENDPOINT_ID_LENGTH = 16;

type Sections = Omit<Config, 'generation' | 'file'>;

export function normalForm(file: ConfigFile): Sections {
  return {
    ...instance(file),
    ...policy(file),
    chat: chat(file.chat),
    budgets: { outputTokens: file.budgets.output_tokens, clampOutput: file.budgets.clamp_output },
    api: apiSettings(file.api),
    graphql: graphqlSettings(file.graphql),
    rateLimits: {
      requests: parseRates(file.rate_limiting.limit) ?? [],
      failedKeys: parseRates(file.rate_limiting.failed_keys) ?? [],
    },
  };
}

const milliseconds = (seconds: number): number => Math.round(seconds * MS_PER_SECOND);

function instance({ app, oauth2, redis, rate_limiting }: ConfigFile) {
  const { database, dev_user } = app;
  return {
    app: {
      name: app.name,
      tagline: app.tagline,
      announcement: app.announcement.trim() || null,
      theme: app.theme,
      emailThemes: Object.entries(app.email_themes).map(
        ([address, theme]) => [normalEmail(address), theme] as const,
      ),
      githubUrl: app.github_url ?? null,
      debug: app.debug,
      devUser: dev_user ? { email: normalEmail(dev_user.email), groups: dev_user.groups } : null,
      trustedProxies: app.trusted_proxies,
      hasEditor: app.config_editor,
      session: { idleHours: app.session.idle_hours, lifetimeDays: app.session.lifetime_days },
    },
    secrets: {
      session: app.secret_key ?? '',
      apiKeys: app.encryption_key ?? '',
      previousApiKeys: app.previous_encryption_keys,
    },
    database: {
      url: postgresUrl(database.url),
      poolSize: database.pool_size,
      poolSizeMax: database.pool_size + database.max_overflow,
      acquireTimeoutMs: milliseconds(database.pool_timeout),
    },
    redisUrl: redisUrl(redis.url ?? rate_limiting.storage_url),
    oauth2: provider(oauth2),
    logs: app.logs,
  };
}

function policy(file: ConfigFile) {
  const base = file.defaults.tokens;
  const models = file.models.map((entry) => model(entry, file.upstream));
  const groups = Object.entries(file.groups).map(([name, block]) => group(name, block, base));
  const { default: everybody, ...people } = file.users;
  return {
    admins: new Set(file.admins.map(normalEmail)),
    models: new Map(models.map((entry) => [entry.name, entry])),
    groups: new Map(groups.map((entry) => [entry.name, entry])),
    people: new Map(
      Object.entries(people).map(([email, block]) => [normalEmail(email), account(block, base)]),
    ),
    projects: new Map(
      Object.entries(file.projects).map(([name, block]) => [slugOf(name), account(block, base)]),
    ),
    defaults: {
      pool: pool(base, base),
      access: file.defaults.models.access,
      groups: everybody?.groups ?? [],
      acknowledgement: file.defaults.models.ack_message ?? null,
    },
  };
}

/** The form that PostgreSQL drivers of JavaScript know; SQLite can't be used, so Lumen's own database stands in. */
function postgresUrl(url: string | undefined): string | null {
  if (!url || url.startsWith('sqlite')) return null;
  return url.replace(/^postgres(ql)?(\+\w+)?:/, 'postgresql:');
}

const redisUrl = (url: string | undefined): string | null =>
  !url || url.startsWith('memory:') ? null : url;

function provider(oauth2: ConfigFile['oauth2']): OAuth2Config | null {
  const { client_id, client_secret, server_metadata_url } = oauth2;
  if (!client_id || !client_secret || !server_metadata_url) return null;
  return {
    clientId: client_id,
    clientSecret: client_secret,
    serverMetadataUrl: server_metadata_url,
    redirectUri: oauth2.redirect_uri ?? null,
    scopes: oauth2.scopes,
    params: oauth2.params,
    allowUnverifiedEmail: oauth2.allow_unverified_email,
    linkByEmail: oauth2.link_by_email,
  };
}

function model(entry: ConfigFile['models'][number], upstream: ConfigFile['upstream']): ModelConfig {
  const { name, cached_input_cost_per_million: cached, audio_cost_per_hour: audio } = entry;
  const endpoints = entry.endpoints.map((block) => endpoint(block, name, upstream));
  return {
    name,
    disabled: entry.disabled,
    access: stated(entry.access),
    needsAcknowledgement: entry.needs_ack,
    acknowledgement: stated(entry.ack_message),
    prices: {
      input: price(entry.input_cost_per_million),
      cachedInput: cached === undefined ? null : price(cached),
      output: price(entry.output_cost_per_million),
      audio: audio === undefined ? null : priceByTheHour(audio),
    },
    description: stated(entry.description),
    notice: stated(entry.notice),
    url: stated(entry.url),
    contextWindow: entry.context_window || null,
    maxOutputTokens: entry.max_output_tokens || null,
    supportsReasoning: stated(entry.supports_reasoning),
    supportsFunctionCalling: stated(entry.supports_function_calling),
    inputModalities: stated(entry.input_modalities),
    outputModalities: stated(entry.output_modalities),
    knowledgeCutoff: stated(entry.knowledge_cutoff),
    rotation: entry.rotation,
    endpoints: [...new Map(endpoints.map((known) => [known.id, known])).values()],
  };
}

const stated = <T>(value: T | undefined): T | null => value ?? null;

function endpoint(
  block: EndpointBlock,
  modelName: string,
  upstream: ConfigFile['upstream'],
): EndpointConfig {
  const { api_key: apiKey, model = modelName, weight, max_concurrent } = block;
  const url = block.url.replace(/\/+$/, '');
  const digest = createHash('sha256').update([url, apiKey, model].join('\0')).digest('hex');
  return {
    id: digest.slice(0, ENDPOINT_ID_LENGTH),
    url,
    host: new URL(url).host,
    apiKey,
    model,
    weight,
    concurrencyMax: stated(max_concurrent),
    timeouts: {
      connectTimeoutMs: milliseconds(block.connect_timeout ?? upstream.connect_timeout),
      firstByteTimeoutMs: milliseconds(block.first_byte_timeout ?? upstream.first_byte_timeout),
      idleTimeoutMs: milliseconds(block.idle_timeout ?? upstream.idle_timeout),
    },
  };
}

function group(name: string, block: GroupBlock, base: PoolBlock): GroupConfig {
  return {
    name,
    description: block.description,
    isLocked: true,
    rules: block.rules.map(groupRule),
    match: block.match,
    pool: pool(block, base),
    access: rules(block.model_access),
  };
}

/** A group that was made by hand, from the words that config.yaml would have for it; it takes nothing from defaults. */
export const manualGroup = (name: string, block: GroupBlock): GroupConfig => ({
  ...group(name, block, { unit: block.unit }),
  isLocked: false,
});

const groupRule = ({ field, contains, equals }: RuleBlock): GroupRule => ({
  field,
  contains: stated(contains),
  equals: stated(equals),
});

function account(block: AccountBlock, base: PoolBlock): AccountConfig {
  return { groups: block.groups, pool: pool(block, base), access: rules(block.model_access) };
}

function rules({ default: fallback, allowed, blocked }: AccessBlock): AccessRules {
  const models = new Map<string, Access>(allowed.map((name) => [name, 'allowed']));
  for (const name of blocked) models.set(name, 'blocked');
  return { default: fallback ?? null, models };
}

/**
 * A block that states no amount is no pool. What it leaves out comes from `base`, if that counts in the same unit:
 * coins read as tokens, or the reverse, would be another budget.
 */
function pool(block: PoolBlock, base: PoolBlock): PoolPolicy | null {
  const { unit, max, refresh, starting } = block;
  if (max === undefined && refresh === undefined && starting === undefined) return null;
  const rest: Partial<PoolBlock> = base.unit === unit ? base : {};
  return {
    unit,
    max: limit(max ?? rest.max ?? 0),
    refreshPerHour: coins(refresh ?? rest.refresh ?? 0),
    starting: startingAmount(starting ?? max ?? rest.starting ?? rest.max ?? 0),
  };
}

const limit = (amount: number): Coins | 'unlimited' =>
  amount === UNLIMITED ? 'unlimited' : coins(amount);

const startingAmount = (amount: number): Coins => (amount === UNLIMITED ? NO_COINS : coins(amount));

/** What the configuration file means, after every historical form of it has been read: one frozen snapshot. */
import type { Coins, Price } from '../kernel/coins.ts';
import type { Rate } from './rate-notation.ts';

export interface Config {
  /** Counts up with every successful load of this process, from 1. */
  readonly generation: number;
  /** Absolute path of the file; null in evaluation mode. */
  readonly file: string | null;
  readonly app: {
    readonly name: string;
    readonly tagline: string;
    /** Markdown or HTML, as an administrator wrote it. */
    readonly announcement: string | null;
    /** The theme of visitors, and of everybody whom `emailThemes` gives no other. */
    readonly theme: string;
    /** Theme by normalised address, or by `@` and what comes after it; the first that fits wins. */
    readonly emailThemes: readonly (readonly [address: string, theme: string])[];
    /** Where the source is; linked at the foot of pages. */
    readonly githubUrl: string | null;
    readonly debug: boolean;
    readonly devUser: { readonly email: string; readonly groups: readonly string[] } | null;
    /** How many proxies stand in front: so many of the last entries of X-Forwarded-For are true. */
    readonly trustedProxies: number;
    /** Whether administrators may edit the file in the browser. */
    readonly hasEditor: boolean;
    /** A session ends so long after its last use, and so long after the sign-in. */
    readonly session: { readonly idleHours: number; readonly lifetimeDays: number };
  };
  readonly secrets: {
    /** Signs session cookies. */
    readonly session: string;
    /** HMAC key of API keys; new keys are hashed with it. */
    readonly apiKeys: string;
    /** Keys hashed with one of these are still recognised. */
    readonly previousApiKeys: readonly string[];
  };
  readonly database: {
    readonly url: string | null;
    /** Connections in ordinary times. */
    readonly poolSize: number;
    readonly poolSizeMax: number;
    readonly acquireTimeoutMs: number;
  };
  readonly redisUrl: string | null;
  readonly oauth2: OAuth2Config | null;
  /** Normalised e-mail addresses. */
  readonly admins: ReadonlySet<string>;
  /** By name, in the order of the file. */
  readonly models: ReadonlyMap<string, ModelConfig>;
  readonly groups: ReadonlyMap<string, GroupConfig>;
  /** What the file says of single people, by normalised e-mail address. */
  readonly people: ReadonlyMap<string, AccountConfig>;
  /** What it says of single projects, by slug; `default` is for those of which it says nothing. */
  readonly projects: ReadonlyMap<string, AccountConfig>;
  readonly defaults: {
    readonly pool: PoolPolicy | null;
    readonly access: Access;
    /** Groups that everyone is in, besides `default`. */
    readonly groups: readonly string[];
    readonly acknowledgement: string | null;
  };
  readonly chat: {
    readonly remove: 'hide' | 'delete';
    readonly messageCharactersMax: number;
    /** 0 is never. */
    readonly purgeAfterDays: number;
    readonly titleModel: string | null;
    /** Null when files can't be uploaded. */
    readonly upload: UploadRules | null;
  };
  readonly budgets: {
    /** Output tokens held for an answer when neither request nor model states a limit. */
    readonly outputTokens: number;
    /** Lower the output limit to what the pool affords instead of refusing. */
    readonly clampOutput: boolean;
  };
  readonly api: {
    readonly consent: boolean;
    readonly bodyBytesMax: { readonly json: number; readonly audio: number };
    /** Opens /metrics; null closes it. */
    readonly metricsToken: string | null;
    /** Opens the list of models; null opens nothing. */
    readonly monitoringToken: string | null;
  };
  readonly graphql: {
    readonly introspection: 'administrators' | 'everyone' | 'nobody';
    /** Browsers may send operations of the page alone. */
    readonly persistedOnly: boolean;
    /** Levels of fields. */
    readonly depthMax: number;
    readonly aliasesMax: number;
    readonly directivesMax: number;
    /** Fields, times the nodes of the pages that they are in. */
    readonly costMax: number;
  };
  /** All rates of a list must hold; an empty one is no limit. */
  readonly rateLimits: {
    readonly requests: readonly Rate[];
    /** Keys that open nothing, by the address that they came from. */
    readonly failedKeys: readonly Rate[];
  };
  readonly logs: {
    readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
    readonly access: boolean;
    /** Whether each probe of an endpoint is logged. */
    readonly model: boolean;
  };
}

export type Access = 'allowed' | 'blocked';

/** What may be uploaded for a message. */
export interface UploadRules {
  /** Of one file. */
  readonly bytesMax: number;
  /** Of a document's text, as models read it. */
  readonly textCharactersMax: number;
  /** In lower case, without a dot. */
  readonly extensions: readonly string[];
}

export interface OAuth2Config {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly serverMetadataUrl: string;
  readonly redirectUri: string | null;
  readonly scopes: string;
  readonly params: Readonly<Record<string, string>>;
  readonly allowUnverifiedEmail: boolean;
  /** When an unknown identity gets the account that has its address. */
  readonly linkByEmail: 'verified' | 'always' | 'never';
}

export interface ModelConfig {
  readonly name: string;
  readonly disabled: boolean;
  readonly access: Access | null;
  readonly needsAcknowledgement: boolean;
  readonly acknowledgement: string | null;
  readonly prices: {
    readonly input: Price;
    readonly cachedInput: Price | null;
    readonly output: Price;
    /** Of a million seconds of audio; null when audio is paid for in tokens. */
    readonly audio: Price | null;
  };
  readonly description: string | null;
  readonly notice: string | null;
  readonly url: string | null;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly supportsReasoning: boolean | null;
  readonly supportsFunctionCalling: boolean | null;
  readonly inputModalities: readonly string[] | null;
  readonly outputModalities: readonly string[] | null;
  readonly knowledgeCutoff: string | null;
  /** How the healthy endpoints share the requests. */
  readonly rotation: 'round_robin' | 'least_busy' | 'weighted';
  readonly endpoints: readonly EndpointConfig[];
}

/** Patience with a model server. */
export interface UpstreamTimeouts {
  readonly connectTimeoutMs: number;
  /** From the sent request to the first byte of the answer's body: many servers send the head before they compute. */
  readonly firstByteTimeoutMs: number;
  /** Between two pieces of the body; time in which Lumen itself holds the server back does not count. */
  readonly idleTimeoutMs: number;
}

export interface EndpointConfig {
  /** Stable short digest of (url, key, upstream model): two entries that differ in any are two endpoints. */
  readonly id: string;
  /** Base address, with `/v1`, without a slash at the end. */
  readonly url: string;
  /** Host and port: what may be shown and logged of the address, which may hold credentials. */
  readonly host: string;
  readonly apiKey: string;
  /** The model's name at this endpoint. */
  readonly model: string;
  /** Its share of the requests in a weighted rotation. */
  readonly weight: number;
  /** Requests that one process may have under way there; null is no limit. */
  readonly concurrencyMax: number | null;
  readonly timeouts: UpstreamTimeouts;
}

export interface GroupConfig {
  readonly name: string;
  readonly description: string;
  /** Defined by the file, so not to be changed by administrators; others were made by hand. */
  readonly isLocked: boolean;
  /** What puts people in at sign-in; empty when no claim does. */
  readonly rules: readonly GroupRule[];
  /** How many of the rules must hold. */
  readonly match: 'all' | 'any';
  readonly pool: PoolPolicy | null;
  readonly access: AccessRules;
}

/** What an institution must say of a person: of the two, those that are not null must hold. */
export interface GroupRule {
  /** Name of the claim. */
  readonly field: string;
  /** A part of the claim's text, or one member of its list. */
  readonly contains: string | null;
  /** The whole text of the claim. */
  readonly equals: string | null;
}

/** What the file says of one account. */
export interface AccountConfig {
  readonly groups: readonly string[];
  readonly pool: PoolPolicy | null;
  readonly access: AccessRules;
}

/** What one scope (an account, a group) says of models. */
export interface AccessRules {
  readonly default: Access | null;
  readonly models: ReadonlyMap<string, Access>;
}

/** A pool of coins as configured; amounts are millionths of the unit. `max` 0 grants nothing. */
export interface PoolPolicy {
  readonly unit: 'coins' | 'tokens';
  readonly max: Coins | 'unlimited';
  readonly refreshPerHour: Coins;
  readonly starting: Coins;
}

// What differs between two configurations: by the names of settings, never by their values.
import type { Config } from './config.ts';

type Setting = readonly [name: string, of: (config: Config) => unknown];

/** Read once, at the start: a running process keeps what it started with. */
const AT_START: readonly Setting[] = [
  ['app.secret_key', ({ secrets }) => secrets.session],
  ['app.encryption_key', ({ secrets }) => secrets.apiKeys],
  ['app.previous_encryption_keys', ({ secrets }) => secrets.previousApiKeys],
  ['app.database (or app.database_url)', ({ database }) => database],
  ['app.debug', ({ app }) => app.debug],
  ['oauth2', ({ oauth2 }) => oauth2 && { ...oauth2, ...HOT_SIGN_IN }],
  ['redis.url (or rate_limiting.storage_url)', ({ redisUrl }) => redisUrl],
];

/** What of `oauth2` is followed, blanked out for the comparison of the rest. */
const HOT_SIGN_IN = { params: null, allowUnverifiedEmail: null, linkByEmail: null };

const HOT: readonly Setting[] = [
  ['app.name', ({ app }) => app.name],
  ['app.tagline', ({ app }) => app.tagline],
  ['app.announcement', ({ app }) => app.announcement],
  ['app.theme', ({ app }) => app.theme],
  ['app.email_themes', ({ app }) => app.emailThemes],
  ['app.github_url', ({ app }) => app.githubUrl],
  ['app.dev_user', ({ app }) => app.devUser],
  ['app.trusted_proxies', ({ app }) => app.trustedProxies],
  ['app.config_editor', ({ app }) => app.hasEditor],
  ['app.session', ({ app }) => app.session],
  ['app.logs', ({ logs }) => logs],
  ['oauth2.params', ({ oauth2 }) => oauth2?.params],
  ['oauth2.allow_unverified_email', ({ oauth2 }) => oauth2?.allowUnverifiedEmail],
  ['oauth2.link_by_email', ({ oauth2 }) => oauth2?.linkByEmail],
  ['admins', ({ admins }) => admins],
  ['defaults', ({ defaults }) => defaults],
  ['chat', ({ chat }) => chat],
  ['budgets', ({ budgets }) => budgets],
  ['api', ({ api }) => api],
  ['graphql', ({ graphql }) => graphql],
  ['rate_limiting', ({ rateLimits }) => rateLimits],
];

/** One phrase for each setting that differs; empty when the two mean the same. */
export function changes(before: Config, after: Config): string[] {
  return [
    ...differing(HOT, before, after).map((name) => `${name} changed`),
    ...tableChanges('models', before.models, after.models),
    ...tableChanges('groups', before.groups, after.groups),
    ...tableChanges('users', before.people, after.people),
    ...tableChanges('projects', before.projects, after.projects),
  ];
}

/** Names of the settings that differ and take effect at the next start only. */
export const restartNeeded = (running: Config, written: Config): string[] =>
  differing(AT_START, running, written);

/** The written configuration as a running process can follow it: what is read at the start stays as it is. */
export function following(running: Config, written: Config): Config {
  const { app, oauth2 } = written;
  return {
    ...written,
    // Turning debug on in the file must not open the developer's way in before a restart.
    app: { ...app, debug: running.app.debug, devUser: running.app.debug ? app.devUser : null },
    secrets: running.secrets,
    database: running.database,
    redisUrl: running.redisUrl,
    oauth2: running.oauth2 && {
      ...running.oauth2,
      params: oauth2?.params ?? running.oauth2.params,
      allowUnverifiedEmail: oauth2?.allowUnverifiedEmail ?? false,
      linkByEmail: oauth2?.linkByEmail ?? 'verified',
    },
  };
}

const differing = (settings: readonly Setting[], before: Config, after: Config): string[] =>
  settings
    .filter(([, of]) => fingerprint(of(before)) !== fingerprint(of(after)))
    .map(([name]) => name);

function tableChanges(
  section: string,
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): string[] {
  const added = [...after.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const changed = [...after]
    .filter(
      ([name, value]) => before.has(name) && fingerprint(before.get(name)) !== fingerprint(value),
    )
    .map(([name]) => name);
  return [
    ...(added.length > 0 ? [`${section} added: ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`${section} removed: ${removed.join(', ')}`] : []),
    ...(changed.length > 0 ? [`${section} changed: ${changed.join(', ')}`] : []),
  ];
}

const fingerprint = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return String(part);
    return part instanceof Map || part instanceof Set ? [...part] : part;
  }) ?? '';

import type { Draft } from './draft.ts';
import type { Env } from './interpolate.ts';

/** Environment variables that win over the file; of two for one setting the later wins. */
export const OVERRIDES: readonly (readonly [variable: string, setting: string])[] = [
  ['DATABASE_URL', 'app.database.url'],
  ['LUMEN_SECRET_KEY', 'app.secret_key'],
  ['LUMEN_ENCRYPTION_KEY', 'app.encryption_key'],
  ['LUMEN_API_KEY_SECRET', 'app.encryption_key'],
  ['OAUTH2_CLIENT_ID', 'oauth2.client_id'],
  ['OAUTH2_CLIENT_SECRET', 'oauth2.client_secret'],
  ['OAUTH2_SERVER_METADATA_URL', 'oauth2.server_metadata_url'],
  ['OAUTH2_REDIRECT_URI', 'oauth2.redirect_uri'],
  ['OAUTH2_SCOPES', 'oauth2.scopes'],
  ['REDIS_URL', 'redis.url'],
];

/** A variable that is set to nothing counts as not set. */
export function override(draft: Draft, env: Env): void {
  for (const [variable, setting] of OVERRIDES) {
    const value = env[variable]?.trim();
    if (value) draft.set(setting.split('.'), value, { variable });
  }
}

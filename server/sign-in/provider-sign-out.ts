import { setTimeout as delay } from 'node:timers/promises';
import * as client from 'openid-client';
import type { Config } from '../config/config.ts';
import type { Providers } from './oidc.ts';

/** Nobody waits longer for signing out because the provider is slow to say what it can. */
const PATIENCE_MS = 2_000;

/** Where one signs out at the provider as well; null when it has no such page, or can't be asked. */
export async function providerSignOut(
  { oauth2, app }: Pick<Config, 'oauth2' | 'app'>,
  providers: Providers,
  ownUrl: string,
): Promise<string | null> {
  if (!oauth2) return null;
  const provider = await Promise.race([
    providers.discover(oauth2, app.debug).catch(() => null),
    delay(PATIENCE_MS, null, { ref: false }),
  ]);
  if (!provider?.serverMetadata().end_session_endpoint) return null;
  return client.buildEndSessionUrl(provider, {
    client_id: oauth2.clientId,
    post_logout_redirect_uri: new URL('/', oauth2.redirectUri ?? ownUrl).href,
  }).href;
}

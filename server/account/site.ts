import type { Context } from '../context.ts';
import { VERSION } from '../kernel/version.ts';

export interface Site {
  readonly name: string;
  readonly tagline: string;
  readonly announcement: string | null;
  readonly version: string;
  readonly signIn: { readonly oidc: boolean; readonly devEmail: string | null };
}

/** What a visitor may know before signing in. */
export function site({ config }: Pick<Context, 'config'>): Site {
  const { name, tagline, announcement, debug, devUser } = config.app;
  const devEmail = debug && devUser ? devUser.email : null;
  const signIn = { oidc: config.oauth2 !== null, devEmail };
  return { name, tagline, announcement, version: VERSION, signIn };
}

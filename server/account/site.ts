import type { Context } from '../context.ts';
import { COMMIT, VERSION } from '../kernel/version.ts';
import { chosenTheme } from '../theme/chosen-theme.ts';
import type { Theme } from '../theme/theme.ts';

export interface Site {
  readonly name: string;
  readonly tagline: string;
  readonly announcement: string | null;
  readonly githubUrl: string | null;
  readonly version: string;
  readonly commit: string | null;
  readonly signIn: { readonly oidc: boolean; readonly devEmail: string | null };
  readonly theme: Theme;
}

/** What a visitor may know before signing in, in the theme of whoever asks. */
export function site(ctx: Pick<Context, 'config' | 'parts' | 'actor'>): Site {
  const { app, oauth2 } = ctx.config;
  const { name, tagline, announcement, githubUrl, debug, devUser } = app;
  const devEmail = debug && devUser ? devUser.email : null;
  return {
    name,
    tagline,
    announcement,
    githubUrl,
    version: VERSION,
    commit: COMMIT,
    signIn: { oidc: oauth2 !== null, devEmail },
    theme: chosenTheme(ctx),
  };
}

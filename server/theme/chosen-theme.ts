import type { Config } from '../config/config.ts';
import type { Context } from '../context.ts';
import type { Theme } from './theme.ts';
import type { Themes } from './themes.ts';

/** The theme of whoever asks: the first that their address has and that exists, or else the site's. */
export function chosenTheme({
  config,
  parts,
  actor,
}: Pick<Context, 'config' | 'parts' | 'actor'>): Theme {
  const own = themesFor(config, actor?.email ?? null).map((name) => parts.themes.named(name));
  return own.find((theme) => theme !== undefined) ?? parts.themes.current;
}

/** Names of the themes that `app.email_themes` has for an address, the most wanted first. */
export function themesFor({ app }: Pick<Config, 'app'>, email: string | null): string[] {
  if (email === null) return [];
  const fits = (address: string) =>
    address.startsWith('@') ? email.endsWith(address) : email === address;
  return app.emailThemes.filter(([address]) => fits(address)).map(([, theme]) => theme);
}

/** One sentence for each theme that the configuration names and nobody has. */
export function missingThemes(
  { app }: Pick<Config, 'app'>,
  themes: Pick<Themes, 'named'>,
): string[] {
  const named = [
    ['app.theme', app.theme] as const,
    ...app.emailThemes.map(([address, theme]) => [`app.email_themes.${address}`, theme] as const),
  ];
  return named
    .filter(([, theme]) => !themes.named(theme))
    .map(([setting, theme]) => `${setting}: there is no theme ${theme}; it is passed over.`);
}

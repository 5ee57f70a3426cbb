import type { Logo } from './logo.ts';
import type { Token } from './palette.ts';

/** What an institution gives the pages: its name, its colours, its picture and its links. */
export interface Theme {
  /** Of its folder. */
  readonly name: string;
  /** May be empty. */
  readonly institution: string;
  readonly institutionUrl: string | null;
  readonly logo: Logo | null;
  readonly logoAlt: string;
  /** Empty leaves the colours of the style sheet. */
  readonly colors: readonly ThemeColor[];
  readonly footerLinks: readonly { readonly text: string; readonly url: string }[];
}

/** One of the names of tokens.css, as `#rrggbb` in the light and in the dark. */
export interface ThemeColor {
  readonly token: Token;
  readonly light: string;
  readonly dark: string;
}

/** Where the picture is served; another address as soon as it is another picture. */
export const logoPath = ({ name, logo }: Theme): string | null =>
  logo && `/themes/${name}/logo?v=${logo.digest}`;

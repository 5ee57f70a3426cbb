/** From the few colours that a theme states to all that the pages use, and what is hard to read among them. */
import { contrast, mixed } from './contrast.ts';

export type Scheme = 'light' | 'dark';
export type Token = keyof (typeof BASE)['light'];
type Colors = Readonly<Record<Token, string>>;

/** What a theme may state for one scheme, as `#rrggbb`. */
export interface StatedColors {
  readonly page?: string | undefined;
  readonly side?: string | undefined;
  readonly text?: string | undefined;
  readonly text_soft?: string | undefined;
  readonly accent?: string | undefined;
  readonly on_accent?: string | undefined;
}

/** The colours of client/src/lib/ui/tokens.css; a test holds the two together. */
export const BASE = {
  light: {
    page: '#fdfcfa',
    side: '#f5f3ef',
    raised: '#ffffff',
    bubble: '#f1eee8',
    hover: '#ebe7df',
    line: '#e3ded5',
    'line-strong': '#8c857a',
    text: '#23211d',
    'text-soft': '#625d54',
    accent: '#a4460a',
    'accent-strong': '#8a3a06',
    'on-accent': '#ffffff',
    'accent-wash': '#fbeee2',
    danger: '#b3261e',
    good: '#2f6b3a',
    code: '#f6f4f0',
  },
  dark: {
    page: '#191816',
    side: '#131210',
    raised: '#23211e',
    bubble: '#2a2824',
    hover: '#2b2925',
    line: '#38352f',
    'line-strong': '#7c766b',
    text: '#ebe7e0',
    'text-soft': '#aaa498',
    accent: '#f2a65e',
    'accent-strong': '#f7b978',
    'on-accent': '#221405',
    'accent-wash': '#35271a',
    danger: '#ff8a80',
    good: '#86c98f',
    code: '#12110f',
  },
} as const satisfies Readonly<Record<Scheme, Readonly<Record<string, string>>>>;

/** Of WCAG 2.1 AA: for text, and for the edges of fields. */
const TEXT = 4.5;
const EDGE = 3;

/** What stands on what. */
const PAIRS: readonly (readonly [front: Token, back: Token, least: number])[] = [
  ['text', 'page', TEXT],
  ['text', 'side', TEXT],
  ['text', 'bubble', TEXT],
  ['text', 'accent-wash', TEXT],
  ['text-soft', 'page', TEXT],
  ['text-soft', 'side', TEXT],
  ['text-soft', 'hover', TEXT],
  ['accent', 'page', TEXT],
  ['accent', 'side', TEXT],
  ['accent', 'accent-wash', TEXT],
  ['on-accent', 'accent', TEXT],
  ['on-accent', 'accent-strong', TEXT],
  ['danger', 'page', TEXT],
  ['line-strong', 'page', EDGE],
];

/** Every colour of one scheme; what follows from no stated one stays as it is without a theme. */
export function palette(scheme: Scheme, stated: StatedColors): Colors {
  return { ...BASE[scheme], ...grounds(scheme, stated), ...accents(scheme, stated) };
}

function grounds(scheme: Scheme, stated: StatedColors): Partial<Colors> {
  const side = stated.side ? { side: stated.side } : {};
  const soft = stated.text_soft ? { 'text-soft': stated.text_soft } : {};
  if (!stated.page && !stated.text) return { ...side, ...soft };
  const { page = BASE[scheme].page, text = BASE[scheme].text } = stated;
  const shade = (share: number) => mixed(page, text, share);
  return {
    page,
    side: shade(0.035),
    raised: scheme === 'light' ? mixed(page, '#ffffff', 0.7) : shade(0.05),
    bubble: shade(0.06),
    hover: shade(0.09),
    line: shade(0.14),
    'line-strong': shade(0.55),
    text,
    'text-soft': shade(0.72),
    code: shade(0.04),
    ...side,
    ...soft,
  };
}

function accents(scheme: Scheme, stated: StatedColors): Partial<Colors> {
  const { page = BASE[scheme].page, text = BASE[scheme].text, accent } = stated;
  if (!accent) return stated.on_accent ? { 'on-accent': stated.on_accent } : {};
  return {
    accent,
    'accent-strong': mixed(accent, text, 0.2),
    'on-accent': stated.on_accent ?? clearerOn(accent),
    'accent-wash': mixed(page, accent, scheme === 'light' ? 0.09 : 0.14),
  };
}

const clearerOn = (back: string): string =>
  contrast('#ffffff', back) >= contrast('#16130f', back) ? '#ffffff' : '#16130f';

/** One sentence for each pair that is hard to tell apart, with its ratio. */
export function faintPairs(scheme: Scheme, colors: Colors): string[] {
  return PAIRS.flatMap(([front, back, least]) => {
    const ratio = contrast(colors[front], colors[back]);
    if (ratio >= least) return [];
    // Cut off, not rounded: 4.499 is not 4.50.
    const shown = (Math.floor(ratio * 100) / 100).toFixed(2);
    return [
      `colors.${scheme}: ${front} ${colors[front]} on ${back} ${colors[back]} has a contrast of ${shown}; WCAG 2.1 AA asks for ${least}`,
    ];
  });
}

// The language of the page: what the reader chose in this browser, else the first known one that the browser asks for.
import { keep } from './kept.ts';

const KEY = 'lumen.language';

/** By their own names. */
export const LANGUAGES = /* @wc-ignore */ { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

const isKnown = (tag: string | null): tag is Language => tag !== null && tag in LANGUAGES;
const ofTag = (tag: string) => tag.toLowerCase().split('-')[0] ?? '';

// Where there is no browser, pure functions speak English.
const asked = globalThis.document ? navigator.languages : [];
const kept = globalThis.document ? localStorage.getItem(KEY) : null;

export const language: Language = isKnown(kept) ? kept : (asked.map(ofTag).find(isKnown) ?? 'en');

/** With the reader's region where the browser tells one, for numbers and moments. */
export const locale: string = asked.find((tag) => ofTag(tag) === language) ?? language;

/** Takes effect at the next load of the page. */
export const keepLanguage = (chosen: Language) => keep(KEY, chosen);

// What the server refuses it says in English. Other languages have sentences of their own for what is refused most; they
// are loaded aside, since hardly anybody is refused anything.
import { language } from '#lib/ui/language.ts';
import { loadTexts } from '../../locales/texts.loader.ts';
import type { Refusal } from './refusal-texts.ts';

let translated: (refusal: Refusal) => string | undefined = () => undefined;

export async function loadRefusals(): Promise<void> {
  if (language === 'en') return;
  const [texts] = await Promise.all([import('./refusal-texts.ts'), loadTexts('refusals')]);
  translated = texts.refusalText;
}

/** What the server says of its own faults names the line of its log, and not what to do. */
const inEnglish = ({ code, message }: Refusal): string =>
  code === 'INTERNAL'
    ? `${message} Try again; if it happens again, tell an administrator this number.`
    : message;

/** In the reader's language where that is known and loaded, else in the server's own words, which say more. */
export const wordsOf = (refusal: Refusal): string => translated(refusal) ?? inEnglish(refusal);

import { loadRefusals } from '#lib/graphql/refusal.ts';
import { language } from '#lib/ui/language.ts';
import { loadTexts } from './locales/texts.loader.ts';

/** SvelteKit awaits this before it loads a page. */
export async function init(): Promise<void> {
  document.documentElement.lang = language;
  void loadRefusals();
  await loadTexts('start');
}

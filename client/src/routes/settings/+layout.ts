import { loadTexts } from '../../locales/texts.loader.ts';

export const load = async () => {
  await loadTexts('pages');
};

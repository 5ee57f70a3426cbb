// The colours that the reader chose in this browser. static/theme.js applies them, in this window and in others.
import { keep } from './kept.ts';

const KEY = 'lumen.theme';

const THEMES = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

const stored = (): Theme => {
  const text = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === text) ?? 'system';
};

class ThemeChoice {
  #chosen = $state<Theme>(stored());

  constructor() {
    addEventListener('storage', () => {
      this.#chosen = stored();
    });
  }

  get chosen(): Theme {
    return this.#chosen;
  }

  choose(theme: Theme) {
    keep(KEY, theme === 'system' ? null : theme);
  }
}

export const theme = new ThemeChoice();

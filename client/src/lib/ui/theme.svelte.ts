// The colours that the reader chose in this browser. static/theme.js applies the same before the first paint.
const KEY = 'lumen.theme';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const isTheme = (text: string | null): text is Theme => THEMES.some((theme) => theme === text);

class ThemeChoice {
  #chosen = $state<Theme>('system');

  constructor() {
    const stored = localStorage.getItem(KEY);
    if (isTheme(stored)) this.#chosen = stored;
    addEventListener('storage', (event) => {
      if (event.key === KEY) this.#apply(isTheme(event.newValue) ? event.newValue : 'system');
    });
  }

  get chosen(): Theme {
    return this.#chosen;
  }

  choose(theme: Theme) {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
    this.#apply(theme);
  }

  #apply(theme: Theme) {
    this.#chosen = theme;
    const root = document.documentElement;
    root.style.colorScheme = theme === 'system' ? '' : theme;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  }
}

export const theme = new ThemeChoice();

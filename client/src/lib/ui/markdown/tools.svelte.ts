// Loads KaTeX and highlight.js when an answer first needs them. Whoever drew without one draws again when it is here.
import { tick } from 'svelte';
import { escaped, type Tools } from './render.ts';

const TEX_LENGTH_MAX = 2_000;
const CODE_LENGTH_MAX = 60_000;
const KEPT_MAX = 400;

/** Remembers what was drawn: the last block of a growing answer is drawn again and again. */
function kept<T>(draw: (text: string, how: string) => T): (text: string, how: string) => T {
  const results = new Map<string, T>();
  return (text, how) => {
    const key = `${how}\n${text}`;
    const found = results.get(key);
    if (found !== undefined) return found;
    const drawn = draw(text, how);
    if (results.size >= KEPT_MAX) results.clear();
    results.set(key, drawn);
    return drawn;
  };
}

/** Shows a formula as it was written where it can't be drawn: too long, or nested until the stack overflows. */
function orSource(tex: string, draw: () => string): string {
  try {
    if (tex.length <= TEX_LENGTH_MAX) return draw();
  } catch {
    // What a model wrote must not end the page.
  }
  return `<code>${escaped(tex)}</code>`;
}

async function loadFormula(): Promise<NonNullable<Tools['formula']>> {
  const [{ default: katex }] = await Promise.all([
    import('katex'),
    import('katex/dist/katex.min.css'),
  ]);
  const draw = kept((tex, display) =>
    orSource(tex, () =>
      katex.renderToString(tex, {
        displayMode: display === 'display',
        output: 'htmlAndMathml',
        throwOnError: false,
        strict: 'ignore',
        trust: false,
        maxExpand: 500,
        maxSize: 40,
        errorColor: 'currentColor',
      }),
    ),
  );
  return (tex, isDisplay) => draw(tex, isDisplay ? 'display' : 'inline');
}

async function loadHighlight(): Promise<NonNullable<Tools['highlight']>> {
  const { highlighter } = await import('./highlighter.ts');
  const draw = kept((code, language) =>
    highlighter.getLanguage(language)
      ? highlighter.highlight(code, { language, ignoreIllegals: true }).value
      : '',
  );
  return (code, language) => (code.length > CODE_LENGTH_MAX ? undefined : draw(code, language));
}

class LazyTools implements Tools {
  #formula = $state.raw<Tools['formula']>();
  #highlight = $state.raw<Tools['highlight']>();
  #formulaLoad: Promise<void> | undefined;
  #highlightLoad: Promise<void> | undefined;

  get formula() {
    this.#formulaLoad ??= loadFormula().then(
      (formula) => {
        this.#formula = formula;
      },
      () => {
        this.#formulaLoad = undefined;
      },
    );
    return this.#formula;
  }

  get highlight() {
    this.#highlightLoad ??= loadHighlight().then(
      (highlight) => {
        this.#highlight = highlight;
      },
      () => {
        this.#highlightLoad = undefined;
      },
    );
    return this.#highlight;
  }

  /** Resolves when all that was asked for is here, and drawn. */
  async loaded(): Promise<void> {
    await Promise.all([this.#formulaLoad, this.#highlightLoad]);
    await tick();
  }
}

export const tools = new LazyTools();

// Loads KaTeX and highlight.js when an answer first needs them. Whoever drew without one draws again when it is here.
import { tick } from 'svelte';
import { escaped, type Tools } from './render.ts';

// What takes long to draw would hold up the page, so it is shown as it was written. Some grammars of highlight.js take
// the square of a text's length, or of its longest line's.
const TEX_LENGTH_MAX = 2_000;
const FORMULA_HTML_MAX = 200_000;
const CODE_LENGTH_MAX = 12_000;
const longLine = /[^\n]{400}/;
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

/** Shows a formula as it was written where it can't be drawn: too long, too large, or nested until the stack overflows. */
function orSource(tex: string, draw: () => string): string {
  try {
    const drawn = tex.length <= TEX_LENGTH_MAX ? draw() : '';
    if (drawn && drawn.length <= FORMULA_HTML_MAX) return drawn;
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
  return (code, language) =>
    code.length > CODE_LENGTH_MAX || longLine.test(code) ? undefined : draw(code, language);
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

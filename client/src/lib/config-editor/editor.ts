// CodeMirror, loaded when it is first needed. It stands in a shadow root, because only there it brings its styles as
// constructed sheets; in the document it would write <style> elements, which the page's policy refuses.
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { look } from './editor-look.ts';
import { completeSetting, explainSetting } from './yaml-language.ts';

/** Something to be said of a line. */
export interface Remark {
  /** From 1. */
  readonly line: number;
  readonly column: number | null;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

export interface Editor {
  /** Replaces the text, unless it is this one. */
  show(text: string): void;
  remark(remarks: readonly Remark[]): void;
  goTo(line: number): void;
  close(): void;
}

export interface EditorOptions {
  /** What those hear who do not see it. */
  readonly label: string;
  readonly text: string;
  readonly isReadOnly: boolean;
  readonly onchange: (text: string) => void;
}

/** An editor for the YAML text. */
export function openEditor(host: HTMLElement, options: EditorOptions): Editor {
  const { label, isReadOnly, onchange } = options;
  const separator = new Compartment();
  const extensions = [
    ...basics(label),
    separator.of(lineEnds(options.text)),
    EditorState.readOnly.of(isReadOnly),
    history(),
    indentOnInput(),
    indentUnit.of('  '),
    closeBrackets(),
    foldGutter(),
    highlightActiveLine(),
    lintGutter(),
    search({ top: true }),
    autocompletion({ override: [completeSetting], icons: false }),
    explainSetting,
    // Tab is not among them: it leaves the editor, as it leaves any field.
    keymap.of([
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      ...completionKeymap,
      ...foldKeymap,
      ...lintKeymap,
    ]),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onchange(state.sliceDoc());
    }),
  ];
  const view = viewIn(host, options.text, extensions);
  return {
    show(text) {
      if (view.state.sliceDoc() === text) return;
      view.dispatch({ effects: separator.reconfigure(lineEnds(text)) });
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    remark: (remarks) => view.dispatch(setDiagnostics(view.state, diagnostics(view, remarks))),
    goTo(number) {
      const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from }, scrollIntoView: true });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

/** What differs between two texts, line by line; nothing can be changed in it. */
export function openDiff(
  host: HTMLElement,
  { label, before, after }: { label: string; before: string; after: string },
): { close(): void } {
  const view = viewIn(host, after, [
    ...basics(label),
    lineEnds(after),
    EditorState.readOnly.of(true),
    unifiedMergeView({
      original: before,
      mergeControls: false,
      gutter: true,
      collapseUnchanged: { margin: 2, minSize: 5 },
    }),
  ]);
  return { close: () => view.destroy() };
}

const basics = (label: string): Extension[] => [
  look,
  yaml(),
  lineNumbers(),
  drawSelection(),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
];

/** A text keeps the line ends that it has. */
const lineEnds = (text: string): Extension =>
  EditorState.lineSeparator.of(/\r\n/.test(text) && !/(^|[^\r])\n/.test(text) ? '\r\n' : '\n');

function viewIn(host: HTMLElement, doc: string, extensions: Extension[]): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.replaceChildren();
  // Outside of the shadow nobody sees that somebody types: a question mark would open the list of shortcuts.
  host.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.key === '?') event.stopPropagation();
  });
  const state = EditorState.create({ doc, extensions });
  return new EditorView({ state, parent: root, root });
}

function diagnostics({ state }: EditorView, remarks: readonly Remark[]): Diagnostic[] {
  return remarks
    .filter(({ line }) => line <= state.doc.lines)
    .map(({ line: number, column, message, severity }) => {
      const line = state.doc.line(number);
      const start = line.from + line.text.length - line.text.trimStart().length;
      const from = column === null ? start : Math.min(line.from + column - 1, line.to);
      return { from, to: Math.max(from, line.to), message, severity };
    });
}

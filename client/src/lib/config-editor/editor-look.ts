// How the editor looks: the colours of the page, which its shadow root inherits.
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const words = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: tags.comment, color: 'var(--text-soft)' },
  { tag: [tags.string, tags.attributeValue], color: 'var(--good)' },
  { tag: [tags.keyword, tags.bool, tags.labelName, tags.typeName], color: 'var(--danger)' },
]);

const surface = EditorView.theme({
  '&': {
    color: 'var(--text)',
    backgroundColor: 'var(--page)',
    fontSize: 'var(--size-s)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-s)',
    overflow: 'hidden',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '2px' },
  '&.cm-editor': { maxHeight: 'min(40rem, 75dvh)' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'light-dark(#f5d3b3, #6b4217)' },
  '.cm-gutters': {
    backgroundColor: 'var(--side)',
    color: 'var(--text-soft)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    fontFamily: 'var(--font)',
  },
  '.cm-tooltip': { borderRadius: 'var(--radius-s)', boxShadow: 'var(--shadow-soft)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-completionInfo, .cm-explanation': { padding: '0.4rem 0.6rem', maxWidth: '22rem' },
  '.cm-panels input, .cm-panels button': {
    color: 'inherit',
    background: 'var(--page)',
    border: '1px solid var(--line-strong)',
    borderRadius: '0.25rem',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--accent)' },
  // Colour is not the only cue: what is gone is struck out, and the margin has a mark for what is new.
  '& .cm-deletedChunk': { backgroundColor: 'var(--danger-wash)' },
  '& .cm-deletedChunk .cm-deletedText, & .cm-deletedLine del': {
    background: 'none',
    textDecoration: 'line-through',
  },
  '& .cm-changedLine, & .cm-inlineChangedLine': { backgroundColor: 'var(--accent-wash)' },
  '& .cm-changedText': { background: 'none' },
  '& .cm-collapsedLines::before, & .cm-collapsedLines::after': { content: '"…"' },
  '.cm-collapsedLines': {
    background: 'var(--side)',
    color: 'var(--text-soft)',
    padding: '0.2rem 0.75rem',
  },
});

export const look = [surface, syntaxHighlighting(words)];

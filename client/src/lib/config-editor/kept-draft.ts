// The draft of this tab, so that a reload of the page finds it.

/** A text that the file had, and its version. */
export interface Base {
  readonly text: string;
  readonly version: string;
}

interface Draft {
  readonly base: Base;
  readonly text: string;
}

const KEY = 'lumen.config-draft';
/** A secret that was typed here; those of the file are marks, and names of variables are no secrets. */
const TYPED_SECRET =
  /^(\s*(?:- +)*["']?\w*(?:(?<!failed_)keys?|secret|token|password|storage_url)["']?: +)(?!["']?(?:\(kept secret|\$\{))\S.*$/gm;

export const keptDraft = (): Draft | null => JSON.parse(sessionStorage.getItem(KEY) ?? 'null');

export const dropDraft = (): void => sessionStorage.removeItem(KEY);

export const keepDraft = (draft: Draft): void =>
  sessionStorage.setItem(KEY, JSON.stringify({ ...draft, text: withoutSecrets(draft.text) }));

/** Stars stand for what was typed: the server refuses them, so that they can't be saved in its place. */
export const withoutSecrets = (text: string): string => text.replace(TYPED_SECRET, '$1"********"');

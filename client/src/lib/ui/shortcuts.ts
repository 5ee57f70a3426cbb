// The keys that work anywhere on the page: one list for what they do and for the sheet that tells of them.

export interface Shortcut {
  readonly name: string;
  readonly meaning: string;
  /** As they are written on keys; `Mod` is Ctrl, and Command on a Mac. */
  readonly keys: readonly string[];
}

/** Those that are pressed together with Mod (and Shift), by the key's place on the keyboard. */
const CHORDS = {
  'Mod+Shift+KeyO': 'newChat',
  'Mod+KeyK': 'search',
  'Mod+Shift+KeyS': 'sidebar',
  'Mod+Shift+KeyL': 'copyLast',
  'Mod+Shift+Period': 'quote',
  'Mod+Slash': 'help',
  'Mod+KeyP': 'print',
  'Shift+Escape': 'focusField',
} as const;

export type ShortcutName = (typeof CHORDS)[keyof typeof CHORDS];

const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '');

export const shortcuts = (): readonly Shortcut[] => [
  { name: 'newChat', meaning: 'Begin a new chat', keys: ['Mod', 'Shift', 'O'] },
  { name: 'search', meaning: 'Search conversations', keys: ['Mod', 'K'] },
  { name: 'sidebar', meaning: 'Open or close the sidebar', keys: ['Mod', 'Shift', 'S'] },
  { name: 'focusField', meaning: 'Go to the message field', keys: ['Shift', 'Esc'] },
  { name: 'send', meaning: 'Send, or queue while an answer runs', keys: ['Enter'] },
  { name: 'line', meaning: 'New line', keys: ['Shift', 'Enter'] },
  { name: 'stop', meaning: 'Stop the answer', keys: ['Esc'] },
  { name: 'quote', meaning: 'Quote the selected text', keys: ['Mod', 'Shift', '.'] },
  { name: 'copyLast', meaning: 'Copy the last answer', keys: ['Mod', 'Shift', 'L'] },
  { name: 'print', meaning: 'Print the conversation', keys: ['Mod', 'P'] },
  { name: 'help', meaning: 'Show this list', keys: ['?'] },
];

export const keyName = (key: string): string => {
  if (key !== 'Mod') return key;
  return isApple ? '⌘' : 'Ctrl';
};

interface Pressed {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly key: string;
  readonly code: string;
}

const isTyping = (target: unknown) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Which shortcut was pressed. A lone `?` is text where somebody types. */
export function shortcutOf(event: Pressed, target: unknown = undefined): ShortcutName | undefined {
  if (event.altKey) return undefined;
  const isMod = event.ctrlKey || event.metaKey;
  if (event.key === '?' && !isMod) return isTyping(target) ? undefined : 'help';
  const chord = `${isMod ? 'Mod+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.code}`;
  return CHORDS[chord as keyof typeof CHORDS];
}

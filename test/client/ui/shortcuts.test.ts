import { beforeAll, expect, test, vi } from 'vitest';
import { shortcutOf, shortcuts } from '../../../client/src/lib/ui/shortcuts.ts';

class FakeElement {
  readonly isContentEditable = false;
  readonly tagName: string;
  constructor(tagName: string) {
    this.tagName = tagName;
  }
}

beforeAll(() => vi.stubGlobal('HTMLElement', FakeElement));

const pressed = (code: string, held = '', key = '') => ({
  code,
  key,
  ctrlKey: held.includes('c'),
  metaKey: held.includes('m'),
  shiftKey: held.includes('s'),
  altKey: held.includes('a'),
});

test('Ctrl and Command are the same, and a key more or less is another shortcut', () => {
  expect(shortcutOf(pressed('KeyO', 'cs'))).toBe('newChat');
  expect(shortcutOf(pressed('KeyO', 'ms'))).toBe('newChat');
  expect(shortcutOf(pressed('KeyO', 'c'))).toBeUndefined();
  expect(shortcutOf(pressed('KeyO', 'csa'))).toBeUndefined();
  expect(shortcutOf(pressed('Escape', 's'))).toBe('focusField');
});

test('a question mark asks for help, except where it is typed', () => {
  const question = pressed('Slash', 's', '?');
  expect(shortcutOf(question, new FakeElement('DIV'))).toBe('help');
  expect(shortcutOf(question, new FakeElement('TEXTAREA'))).toBeUndefined();
  expect(shortcutOf(pressed('Slash', 'c', '/'), new FakeElement('TEXTAREA'))).toBe('help');
});

test('the sheet tells each shortcut once', () => {
  const names = shortcuts().map((shortcut) => shortcut.name);
  expect(new Set(names).size).toBe(names.length);
});

import { expect, test } from 'vitest';
import { Conversation } from '../../../server/chat/conversation.entity.ts';
import { titleFrom } from '../../../server/chat/title.ts';
import type { Failure } from '../../../server/kernel/failure.ts';
import { oneLine } from '../../../server/kernel/one-line.ts';

test('a title is one line of what was asked', () => {
  expect(titleFrom('  How\n\tare  you? ')).toBe('How are you?');
  expect(titleFrom('\u0000\u001b[2J')).toBe('[2J');
  expect(titleFrom('half \ud83d')).toBe('half \ufffd');
});

test('a long title is cut at a word, else in the middle of one, never in the middle of a character', () => {
  expect(titleFrom('word '.repeat(50))).toBe(`${'word '.repeat(11)}word…`);
  expect(titleFrom('x'.repeat(61))).toBe(`${'x'.repeat(60)}…`);
  expect(titleFrom('x'.repeat(60))).toBe('x'.repeat(60));
  expect(titleFrom('😀'.repeat(500))).toBe(`${'😀'.repeat(60)}…`);
});

test('what has no visible first words still has a title', () => {
  expect(titleFrom('\u0000\u0001')).toBe('New chat');
  expect(titleFrom(`${' '.repeat(1_000)}late`)).toBe('New chat');
});

test('a line has no control characters and no runs of white space', () => {
  expect(oneLine('a\u0085b\u2028c\u00a0 d\r\n')).toBe('a b c d');
});

test('a conversation is renamed to a line of at most 200 characters', () => {
  const conversation = Object.create(Conversation.prototype) as Conversation;
  const code = (title: string) => {
    try {
      conversation.rename(title);
      return conversation.title;
    } catch (error) {
      return (error as Failure).code;
    }
  };
  expect(code(' a\nb ')).toBe('a b');
  expect(code('x'.repeat(200))).toBe('x'.repeat(200));
  expect(code('x'.repeat(201))).toBe('TOO_LARGE');
  expect(code(' \n ')).toBe('INVALID');
});

import { expect, test } from 'vitest';
import { addition, codePoints } from '../../../client/src/lib/chat/passage.ts';

test.each(['', 'abc', '😀', 'a😀b🎓', '👩‍👩‍👧', 'é', '\ud83d', '\ude00\ud83d', '𝒳²'])(
  'code points of %j are counted as the string iterator counts them',
  (text) => {
    expect(codePoints(text)).toBe([...text].length);
  },
);

test('a chunk that follows is added whole', () => {
  expect(addition(5, { position: 8, content: 'x😀y' })).toBe('x😀y');
});

test('a repeated chunk adds nothing', () => {
  expect(addition(8, { position: 8, content: 'x😀y' })).toBe('');
  expect(addition(9, { position: 8, content: 'x😀y' })).toBe('');
});

test('of an overlapping chunk only the new end is added', () => {
  expect(addition(6, { position: 8, content: 'x😀y' })).toBe('😀y');
});

test('a chunk after a gap is refused', () => {
  expect(addition(4, { position: 8, content: 'x😀y' })).toBeUndefined();
});

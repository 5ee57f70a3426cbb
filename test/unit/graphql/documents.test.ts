import { expect, test } from 'vitest';
import { Documents } from '../../../server/graphql/documents.ts';

test('a text that is asked again is the document that was read before', () => {
  const documents = new Documents();
  expect(documents.read('{ viewer { id } }')).toBe(documents.read('{ viewer { id } }'));
  expect(documents.read('{ viewer { name } }')).not.toBe(documents.read('{ viewer { id } }'));
});

test('a client that sends ever new texts doesn’t fill the memory, and one text too long is not kept', () => {
  const documents = new Documents();
  const first = documents.read('{ viewer { id } }');
  for (let at = 0; at < 1_000; at++) documents.read(`{ a${at}: viewer { id } }`);
  expect(documents.read('{ viewer { id } }')).not.toBe(first);
  const long = `{ viewer { id } } #${'x'.repeat(400_000)}`;
  expect(documents.read(long)).not.toBe(documents.read(long));
});

test('what is no document, or one of very many tokens, is refused each time', () => {
  const documents = new Documents();
  for (const text of ['{', '{', `{ ${'id '.repeat(2_000)} }`])
    expect(() => documents.read(text)).toThrow(/Syntax Error/);
});

import { expect, test } from 'vitest';
import { contentOf } from '../../../server/upload/content.ts';
import { docx, gif, jpeg, pdf, png, webp } from '../../support/files.ts';

const rules = (...extensions: string[]) => ({
  bytesMax: 1000,
  textCharactersMax: 100,
  extensions,
});
const ALL = rules('png', 'jpg', 'gif', 'webp', 'pdf', 'docx', 'txt', 'csv', 'py');
const content = (bytes: Buffer, name: string, allowed = ALL) => contentOf(bytes, name, allowed);
const refusal = async (bytes: Buffer, name: string, allowed = ALL) =>
  content(bytes, name, allowed).then(
    () => 'taken',
    ({ details, message }) => [details.status, message],
  );

test.each([
  ['image/png', png(30, 20)],
  ['image/gif', gif(30, 20)],
  ['image/jpeg', jpeg(30, 20)],
  ['image/webp', webp(30, 20)],
])('%s is known by its content, with its size, whatever it is called', async (mediaType, bytes) => {
  const image = { kind: 'image', mediaType, width: 30, height: 20 };
  expect(await content(bytes, 'a')).toEqual(image);
  expect(await content(bytes, 'a.exe')).toEqual(image);
});

test('documents are known by their content', async () => {
  expect((await content(pdf('x'), 'a')).mediaType).toBe('application/pdf');
  expect((await content(docx('x'), 'a.zip')).mediaType).toMatch(/wordprocessingml/);
});

test.each([
  ['UTF-8', Buffer.from('Grüße 你好')],
  ['UTF-8 with its mark', Buffer.from('\ufeffGrüße 你好')],
  ['UTF-16 of Windows', Buffer.from('\ufeffGrüße 你好', 'utf16le')],
  ['UTF-16 the other way round', Buffer.from('\ufeffGrüße 你好', 'utf16le').swap16()],
])('text is read in %s', async (_encoding, bytes) => {
  expect(await content(bytes, 'a.csv')).toMatchObject({ kind: 'text', text: 'Grüße 你好' });
});

test('a table that an old Excel wrote keeps its umlauts', async () => {
  expect(await content(Buffer.from('Gr\u00fc\u00dfe;1', 'latin1'), 'a.csv')).toMatchObject({
    text: 'Grüße;1',
  });
});

test('what is not allowed is refused by what it is, with what is', async () => {
  expect(await refusal(png(2, 2), 'a.txt', rules('txt', 'py'))).toEqual([
    415,
    "“a.txt”: files of the kind png can't be uploaded here. One of these can: txt, py.",
  ]);
  expect(await refusal(jpeg(2, 2), 'a.jpg', rules('jpeg'))).toBe('taken');
  expect(await refusal(Buffer.from('x'), 'a.rs')).toEqual([415, expect.stringMatching(/kind rs/)]);
  expect(await refusal(Buffer.from('x'), 'Makefile')).toBe('taken');
  expect(await refusal(Buffer.from('x'), 'a.pdf')).toEqual([
    415,
    '“a.pdf” is plain text, whatever its name says. Rename it to .txt to upload it.',
  ]);
});

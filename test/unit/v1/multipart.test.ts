import { expect, test } from 'vitest';
import { boundaryOf, MultipartParser, type PartHead } from '../../../server/v1/multipart.ts';

/** What a form says when it arrives in pieces of so many bytes. */
function read(form: Buffer, pieceLength: number): (PartHead & { content: string })[] {
  const parts: (PartHead & { content: string })[] = [];
  const parser = new MultipartParser('x-y', {
    opened: (head) => parts.push({ ...head, content: '' }),
    piece: (bytes) => {
      const part = parts.at(-1);
      if (part) part.content += bytes.toString('latin1');
    },
    closed: () => undefined,
  });
  for (let at = 0; at < form.length; at += pieceLength)
    parser.feed(form.subarray(at, at + pieceLength));
  parser.end();
  return parts;
}

const TRICKY = 'a\r\n--x-\r\n--x\r\r\n\r\n--x-z\u0000\u00ff--';
const FORM = Buffer.from(
  [
    'preamble\r\n--x-y\r\nContent-Disposition: form-data; name="model"\r\n\r\nfake',
    '\r\n--x-y\r\ncontent-disposition: form-data; name="empty"\r\n\r\n',
    '\r\n--x-y\r\nContent-Type: audio/mpeg\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".mp3"',
    `\r\n\r\n${TRICKY}\r\n--x-y--\r\nepilogue`,
  ].join(''),
  'latin1',
);
const PARTS = [
  { name: 'model', fileName: null, contentType: null, content: 'fake' },
  { name: 'empty', fileName: null, contentType: null, content: '' },
  { name: 'file', fileName: 'a \\"b\\".mp3', contentType: 'audio/mpeg', content: TRICKY },
];

test('a form says the same, wherever it is cut on its way', () => {
  for (let length = 1; length <= FORM.length; length += 1)
    expect(read(FORM, length)).toEqual(PARTS);
});

test('a form that breaks off anywhere is refused', () => {
  const end = FORM.indexOf('--\r\nepilogue');
  for (let length = 0; length < end + 2; length += 1)
    expect(() => read(FORM.subarray(0, length), 7)).toThrow('malformed or incomplete');
});

test.each([
  ['multipart/form-data; boundary=x-y', 'x-y'],
  ['Multipart/Form-Data; charset=utf-8; BOUNDARY="x y:z"', 'x y:z'],
  ['multipart/form-data', null],
  ['multipart/mixed; boundary=x', null],
  ['application/json', null],
  [`multipart/form-data; boundary=${'x'.repeat(71)}`, null],
  [undefined, null],
])('the boundary of %j is %j', (type, boundary) => {
  expect(boundaryOf(type)).toBe(boundary);
});

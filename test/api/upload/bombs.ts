// Files that are made to harm whoever opens them, or that lie about what they are; and what becomes of them.
import { gzipSync } from 'node:zlib';
import { gif, jpeg, png, webp, zip } from '../../support/files.ts';
import { type Bomb, DOCUMENT_BOMBS, text } from './document-bombs.ts';

const inImages: readonly Bomb[] = [
  ['3.6 billion pixels of PNG', 'a.png', () => png(60_000, 60_000, false), 'TOO_LARGE'],
  ['4 billion pixels of GIF', 'a.gif', () => gif(65_535, 65_535), 'TOO_LARGE'],
  ['4 billion pixels of JPEG', 'a.jpg', () => jpeg(65_500, 65_500), 'TOO_LARGE'],
  ['280 trillion pixels of WebP', 'a.webp', () => webp(2 ** 24, 2 ** 24), 'TOO_LARGE'],
  ['a PNG of no pixels', 'a.png', () => png(0, 0, false), 'upload_type'],
  ['the first bytes of a PNG', 'a.png', () => png(9, 9).subarray(0, 18), 'upload_type'],
  [
    'a JPEG that is only filling',
    'a.jpg',
    () => Buffer.concat([jpeg(9, 9).subarray(0, 20), Buffer.alloc(8 * 2 ** 20, 0xff)]),
    'upload_type',
  ],
  ['a script behind the head of a GIF', 'a.html', text('GIF89a=1;alert(1)//'), 'TOO_LARGE'],
];

const lies: readonly Bomb[] = [
  [
    'an SVG with a script that is called PNG',
    'a.png',
    text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'upload_type',
  ],
  [
    'an SVG with a script',
    'a.svg',
    text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    'taken as text/plain',
  ],
  [
    'a web page that is called JPEG',
    'a.jpg',
    text('<!doctype html><script>alert(1)</script>'),
    'upload_type',
  ],
  ['a web page', 'a.html', text('<!doctype html><script>alert(1)</script>'), 'taken as text/plain'],
  ['a PNG that is called text', 'a.txt', () => png(2, 2), 'taken as image/png'],
  [
    'a program that is called text',
    'a.txt',
    () => Buffer.from('7f454c46020101000000000000000000', 'hex'),
    'upload_type',
  ],
  ['a packed file', 'a.txt', () => gzipSync('text'), 'upload_type'],
  [
    'an archive in an archive',
    'a.docx',
    () => zip([{ name: 'inner.zip', bytes: zip([{ name: 'x', bytes: 'x' }]) }]),
    'upload_type',
  ],
  [
    'noise',
    'a.csv',
    () => Buffer.from(Array.from({ length: 999 }, (_, at) => at * at)),
    'upload_type',
  ],
  ['nothing', 'a.txt', () => Buffer.alloc(0), 'INVALID'],
  ['nothing but space', 'a.txt', text(' \n\t '), 'INVALID'],
  [
    'nine megabytes in one line',
    'a.json',
    () => Buffer.alloc(9 * 2 ** 20, 'x'),
    'taken as text/plain',
  ],
];

export const BOMBS: readonly Bomb[] = [...DOCUMENT_BOMBS, ...inImages, ...lies];

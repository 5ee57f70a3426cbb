// Documents that are made to harm whoever opens them.
import {
  docx,
  docxOf,
  packedSpaces,
  pdf,
  pdfOf,
  stream,
  zip,
  zlibSpaces,
} from '../../support/files.ts';

/** The reason of the refusal, its code where it has none, or what the file is taken for. */
type Fate = 'upload_type' | 'upload_unreadable' | 'TOO_LARGE' | 'INVALID' | `taken as ${string}`;

export type Bomb = readonly [what: string, name: string, bytes: () => Buffer, fate: Fate];

export const text = (content: string) => () => Buffer.from(content);

const LAUGHS = `<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "${'&a;'.repeat(1000)}"><!ENTITY c "${'&b;'.repeat(1000)}"><!ENTITY d "${'&c;'.repeat(1000)}">]>`;

const word = (head: string, body: string) => () =>
  zip([
    {
      name: '[Content_Types].xml',
      bytes:
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    },
    {
      name: 'word/document.xml',
      bytes: `<?xml version="1.0"?>${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${body}</w:t></w:r></w:p></w:body></w:document>`,
    },
  ]);

/** A PDF of one page; `content` is its fourth object, `more` those behind it. */
const page = (content: string, ...more: string[]) =>
  pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> /Font << /F 5 0 R >> >> >>',
    content,
    ...more,
  ]);

const inWord: readonly Bomb[] = [
  [
    'a docx that says it has a gigabyte',
    'a.docx',
    () => docxOf('', { packed: packedSpaces(1024), saidBytes: 2 ** 30 }),
    'upload_unreadable',
  ],
  [
    'a docx that has a gigabyte and says a kilobyte',
    'a.docx',
    () => docxOf('', { packed: packedSpaces(1024), saidBytes: 1024 }),
    'upload_unreadable',
  ],
  [
    'a docx of six thousand parts',
    'a.docx',
    () =>
      docxOf('', { more: Array.from({ length: 6000 }, (_, at) => ({ name: `${at}`, bytes: '' })) }),
    'upload_unreadable',
  ],
  [
    'a docx of a hundred thousand levels',
    'a.docx',
    () => docxOf('<w:p>'.repeat(100_000) + '</w:p>'.repeat(100_000)),
    'upload_unreadable',
  ],
  [
    'a docx of a million paragraphs',
    'a.docx',
    () => docxOf('<w:p><w:r><w:t>x</w:t></w:r></w:p>'.repeat(1_000_000)),
    'upload_unreadable',
  ],
  ['a docx that laughs a billion times', 'a.docx', word(LAUGHS, '&d;'), 'upload_unreadable'],
  [
    'a docx that asks for another file',
    'a.docx',
    word('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '&e;'),
    'upload_unreadable',
  ],
  [
    'a docx whose text is said to be elsewhere',
    'a.docx',
    () =>
      zip([
        {
          name: '[Content_Types].xml',
          bytes:
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        },
        { name: '../../../../../etc/passwd', bytes: 'root' },
      ]),
    'upload_unreadable',
  ],
  ['half a docx', 'a.docx', () => docx('text').subarray(0, 400), 'upload_unreadable'],
  ['a docx without a word', 'a.docx', () => docx(), 'upload_unreadable'],
];

const inPdf: readonly Bomb[] = [
  [
    'a page of a gigabyte',
    'a.pdf',
    () => page(stream(zlibSpaces(1024), '/Filter /FlateDecode'), '<< >>'),
    'upload_unreadable',
  ],
  [
    'a page that was packed twice',
    'a.pdf',
    () => page(stream(zlibSpaces(2048), '/Filter [/FlateDecode /FlateDecode]'), '<< >>'),
    'upload_unreadable',
  ],
  [
    'a tree of pages that is its own branch',
    'a.pdf',
    () => pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 9 >>']),
    'upload_unreadable',
  ],
  [
    'a billion pages that are not there',
    'a.pdf',
    () =>
      pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 1000000000 >>']),
    'upload_unreadable',
  ],
  [
    'a form that draws itself',
    'a.pdf',
    () =>
      page(
        stream(Buffer.from('/X Do')),
        stream(
          Buffer.from('/X Do /X Do'),
          '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>',
        ),
      ),
    'upload_unreadable',
  ],
  [
    'a million operators',
    'a.pdf',
    () => page(stream(Buffer.from('q '.repeat(1_000_000))), '<< >>'),
    'upload_unreadable',
  ],
  [
    'tables that lead to each other',
    'a.pdf',
    () => pdfOf(['<< /Type /Catalog /Pages 1 0 R >>'], '/Prev 9'),
    'upload_unreadable',
  ],
  [
    'a password',
    'a.pdf',
    () =>
      pdfOf(
        ['<< >>'],
        `/Encrypt << /Filter /Standard /V 1 /R 2 /O (${'o'.repeat(32)}) /U (${'u'.repeat(32)}) /P -4 >> /ID [(a) (b)]`,
      ),
    'upload_unreadable',
  ],
  ['half a PDF', 'a.pdf', () => pdf('text').subarray(0, 200), 'upload_unreadable'],
  [
    'a web page in a PDF',
    'a.pdf',
    text('%PDF-1.7\n<html><script>alert(1)</script></html>'),
    'upload_unreadable',
  ],
  [
    'a PDF that wants to run a script',
    'a.pdf',
    () =>
      pdfOf([
        '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>',
        '<< /Type /Pages /Kids [] /Count 0 >>',
      ]),
    'upload_unreadable',
  ],
];

export const DOCUMENT_BOMBS: readonly Bomb[] = [...inWord, ...inPdf];

// Files for uploads, made from scratch: whole ones, and such as lie about what they are.
import { constants, crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** A PNG of one colour, or only its head where `isWhole` is not set: then it may claim any size. */
export function png(width: number, height: number, isWhole = true): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.alloc(1 + width * 3, 0xa0);
  row[0] = 0;
  const pixels = isWhole
    ? Buffer.concat(Array.from({ length: height }, () => row))
    : Buffer.alloc(9);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', head),
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32be(data.length), named, uint32be(crc32(named))]);
}

function uint32be(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The head of a GIF. */
export function gif(width: number, height: number): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16LE(width, 0);
  size.writeUInt16LE(height, 2);
  return Buffer.concat([Buffer.from('GIF89a'), size, Buffer.from([0, 0, 0, 0x3b])]);
}

/** The head of a JPEG, its frame behind another segment. */
export function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0, 0xff, 0xd9]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const jfif = Buffer.from('ffe000104a46494600010100000100010000', 'hex');
  return Buffer.concat([Buffer.from([0xff, 0xd8]), jfif, frame]);
}

/** The head of a WebP in its extended form. */
export function webp(width: number, height: number): Buffer {
  const body = Buffer.alloc(30);
  body.write('RIFF', 0, 'latin1');
  body.writeUInt32LE(22, 4);
  body.write('WEBPVP8X', 8, 'latin1');
  body.writeUInt32LE(10, 16);
  body.writeUIntLE(width - 1, 24, 3);
  body.writeUIntLE(height - 1, 27, 3);
  return body;
}

/** One page for each text. */
export function pdf(...pages: readonly string[]): Buffer {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>'];
  const kids = pages.map((_, at) => `${4 + at * 2} 0 R`).join(' ');
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  for (const [at, text] of pages.entries()) {
    const content = `BT /F1 24 Tf 50 700 Td (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${5 + at * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      stream(Buffer.from(content)),
    );
  }
  return pdfOf(objects);
}

/** A PDF of these objects, the first of which is its catalogue. */
export function pdfOf(objects: readonly string[], trailer = ''): Buffer {
  const offsets: number[] = [];
  let text = '%PDF-1.7\n';
  for (const [at, object] of objects.entries()) {
    offsets.push(text.length);
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${text.length}\n%%EOF`;
  return Buffer.from(text, 'latin1');
}

export const stream = (content: Buffer, entries = ''): string =>
  `<< /Length ${content.length} ${entries} >>\nstream\n${content.toString('latin1')}\nendstream`;

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** What the archive says that it would be, unpacked; left out, the truth. */
  readonly saidBytes?: number;
  /** Already deflated, in the place of `bytes`. */
  readonly packed?: Buffer;
}

const MIB = 2 ** 20;

/** So many mebibytes of spaces, deflated, without ever being in memory. */
export function packedSpaces(mebibytes: number): Buffer {
  const piece = deflateRawSync(Buffer.alloc(MIB, ' '), {
    level: 9,
    finishFlush: constants.Z_FULL_FLUSH,
  });
  const pieces = Array.from({ length: mebibytes }, () => piece);
  return Buffer.concat([...pieces, deflateRawSync(Buffer.alloc(0))]);
}

/** The same with the head that PDF's FlateDecode wants; the sum at its end is wrong, and nobody looks. */
export const zlibSpaces = (mebibytes: number): Buffer =>
  Buffer.concat([Buffer.from([0x78, 0xda]), packedSpaces(mebibytes), Buffer.alloc(4)]);

export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, saidBytes, packed: given } of entries) {
    const content = Buffer.from(bytes);
    const packed = given ?? deflateRawSync(content, { level: 9 });
    const title = Buffer.from(name);
    const fields = zipFields(content, packed, title, saidBytes ?? content.length);
    const file = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, title, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const [version, end] = [Buffer.from('504b01021400', 'hex'), Buffer.concat([place, title])];
    directory.push(Buffer.concat([version, fields, end]));
    files.push(file);
    at += file.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length % 0x10000, 8);
  end.writeUInt16LE(entries.length % 0x10000, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, list, end]);
}

/** What both the head of a file and its line in the directory say. */
function zipFields(content: Buffer, packed: Buffer, title: Buffer, saidBytes: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x0800, 2);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(saidBytes, 18);
  fields.writeUInt16LE(title.length, 22);
  return fields;
}

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** A document of Word's with these paragraphs. */
export const docx = (...paragraphs: readonly string[]): Buffer =>
  docxOf(paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join(''));

/** @param body XML within `w:body`; `more` are further entries of the archive */
export function docxOf(
  body: string,
  { more = [], ...said }: { more?: readonly ZipEntry[]; saidBytes?: number; packed?: Buffer } = {},
): Buffer {
  const types = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="${WORD}"/></Types>`;
  const relations =
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';
  const document = `<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`;
  return zip([
    { name: '[Content_Types].xml', bytes: types },
    { name: '_rels/.rels', bytes: relations },
    { name: 'word/document.xml', bytes: document, ...said },
    ...more,
  ]);
}

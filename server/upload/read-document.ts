// A program of its own, run for one document by document-reader.ts: whatever the document does to it ends with it. It is
// run without the rights to write, to start programs, or to read anything but the code.
import { constants, setPriority } from 'node:os';
import mammoth from 'mammoth';
import { getDocumentProxy } from 'unpdf';
import { zipDirectory } from './zip-directory.ts';

export interface DocumentAsked {
  readonly bytes: Uint8Array;
  readonly isPdf: boolean;
  readonly charactersMax: number;
  /** After this time, what was read by then is the text. */
  readonly enoughAfterMs: number;
}

export type DocumentRead =
  | { readonly text: string; readonly isCut: boolean }
  | { readonly refusal: 'locked' | 'damaged' | 'too_large' };

const UNPACKED_BYTES_MAX = 100 * 2 ** 20;
const ENTRIES_MAX = 5_000;

process.once('message', (asked: DocumentAsked) => {
  // Whoever waits for an answer comes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  void read(asked)
    .catch((error: Error): DocumentRead => {
      return { refusal: error.name === 'PasswordException' ? 'locked' : 'damaged' };
    })
    .then((answer) => process.send?.(answer, () => process.exit()));
});

async function read(asked: DocumentAsked): Promise<DocumentRead> {
  if (asked.isPdf) return readPdf(asked);
  const buffer = Buffer.from(asked.bytes);
  const directory = zipDirectory(buffer);
  if (!directory) return { refusal: 'damaged' };
  if (directory.entries > ENTRIES_MAX || directory.bytes > UNPACKED_BYTES_MAX)
    return { refusal: 'too_large' };
  const { value } = await mammoth.extractRawText({ buffer });
  return cut(value, asked.charactersMax);
}

/** Page by page, so that a book is not read to its end for its beginning. */
async function readPdf({ bytes, charactersMax, enoughAfterMs }: DocumentAsked) {
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  let text = '';
  for (let number = 1; number <= pdf.numPages; number += 1) {
    if (text.length > charactersMax || performance.now() > enoughAfterMs)
      return { ...cut(text, charactersMax), isCut: true };
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const said = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''));
    text += `${said.join('').trim()}\n\n`;
    page.cleanup();
  }
  return cut(text, charactersMax);
}

const cut = (text: string, charactersMax: number) => ({
  text: text.slice(0, charactersMax).trim(),
  isCut: text.length > charactersMax,
});

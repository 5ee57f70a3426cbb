// Reads a file of any size beside the page, which is never held up by it, and gives it out piece by piece.
import { type Form, type Piece, piecesOf, readSource, type Unreadable } from './import-pieces.ts';

/** The file to read; then null for each piece. */
export type Wish = Blob | null;
export type Reading =
  | { readonly form: Form; readonly total: number }
  | { readonly problem: Unreadable };
/** Null at the end. */
export type NextPiece = Piece | null;

let pieces: Iterator<Piece, undefined> | undefined;

async function read(file: Blob): Promise<Reading> {
  try {
    const source = readSource(await file.text());
    if (typeof source === 'string') return { problem: source };
    pieces = piecesOf(source);
    return { form: source.form, total: source.conversations.length };
  } catch {
    return { problem: 'unreadable' };
  }
}

self.addEventListener('message', async ({ data: wish }: MessageEvent<Wish>) => {
  const answer: Reading | NextPiece = wish ? await read(wish) : (pieces?.next().value ?? null);
  self.postMessage(answer);
});

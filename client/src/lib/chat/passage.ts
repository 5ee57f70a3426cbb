// Text that arrives in pieces. Positions count code points, as the server does, and never UTF-16 units.

export interface Chunk {
  /** Position after this chunk. */
  readonly position: number;
  readonly content: string;
}

export function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const next = text.charCodeAt(i + 1);
    const isPair = unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff;
    if (isPair) i++;
    count++;
  }
  return count;
}

const withoutFirst = (text: string, count: number) => [...text].slice(count).join('');

/**
 * What a chunk adds to a text that has reached `position`: nothing if it is a repetition, its tail if it overlaps.
 * Undefined says that something before it is missing, so the reader must resume from its own position.
 */
export function addition(position: number, chunk: Chunk): string | undefined {
  if (chunk.position <= position) return '';
  const start = chunk.position - codePoints(chunk.content);
  if (start > position) return undefined;
  return start === position ? chunk.content : withoutFirst(chunk.content, position - start);
}

/** What stands around what was found, in parts of plain text: who shows it needs no markup, and can't be given any. */
export interface SnippetPart {
  readonly text: string;
  /** Whether it is what was looked for. */
  readonly isMatch: boolean;
}

/** Marks of PostgreSQL's headline: characters that no keyboard has, and that are taken out of the text before. */
export const START = '\u0002';
export const STOP = '\u0003';

export const snippetParts = (headline: string): readonly SnippetPart[] =>
  headline
    .split(START)
    .flatMap((piece, at) => {
      const [match = '', rest = ''] = at === 0 ? ['', piece] : piece.split(STOP);
      return [
        { text: match, isMatch: true },
        { text: rest, isMatch: false },
      ];
    })
    .filter(({ text }) => text !== '');

// The time that marked takes for what is in a line grows with the square of its length times its marks, so a model could
// hold up the page by a single paragraph of nothing but marks. One of those is read piece by piece.
import { Lexer, type Token } from 'marked';

/** Characters times marks: far beyond any paragraph that somebody reads, and a hundredth of a second. */
const EFFORT_MAX = 1_000_000;
const PIECE_CHARACTERS = 600;
const mark = /[*_~[\]!$\\<`]/g;

function isWithinBounds(text: string): boolean {
  return text.length <= PIECE_CHARACTERS || text.length * marksOf(text) <= EFFORT_MAX;
}

const marksOf = (text: string): number => text.match(mark)?.length ?? 0;

export class BoundedLexer<Parsed = string, Rendered = string> extends Lexer<Parsed, Rendered> {
  override inlineTokens(text: string, tokens: Token[] = []): Token[] {
    if (isWithinBounds(text)) return super.inlineTokens(text, tokens);
    for (let at = 0; at < text.length; at += PIECE_CHARACTERS)
      super.inlineTokens(text.slice(at, at + PIECE_CHARACTERS), tokens);
    return tokens;
  }
}

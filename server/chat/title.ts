import { oneLine } from '../kernel/one-line.ts';

const TITLE_CHARACTERS = 60;

/** A conversation's first title: the first words of what was asked, cut at a word where there is one. */
export function titleFrom(content: string): string {
  const line = oneLine(content.slice(0, 10 * TITLE_CHARACTERS));
  const points = [...line];
  if (points.length <= TITLE_CHARACTERS) return line || 'New chat';
  const cut = points.slice(0, TITLE_CHARACTERS).join('');
  const lastSpace = cut.lastIndexOf(' ');
  return `${lastSpace > TITLE_CHARACTERS / 2 ? cut.slice(0, lastSpace) : cut}…`;
}

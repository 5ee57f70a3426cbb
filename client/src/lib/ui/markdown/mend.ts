// The end of a text that is still being written is often half a construct. Shown as it is, it would flicker: stars
// before they become bold, TeX before it becomes a formula. These rules show what it is about to become.

const openDollars = /\$\$(?:(?!\$\$)[\s\S])*$/;
const openBracket = /\\\[(?:(?!\\\])[\s\S])*$/;
const openParen = /\\\((?:(?!\\\))[^\n])*$/;
const openLink = /!?\[([^\]\n]*)\]\([^)\n]*$/;
const countOf = (text: string, mark: string) => text.split(mark).length - 1;

function withoutOpenMath(block: string): string {
  const isInsideDollars = countOf(block, '$$') % 2 === 1;
  const cut = isInsideDollars ? block.replace(openDollars, '') : block;
  return cut.replace(openBracket, '').replace(openParen, '');
}

/** Completes the last paragraph of an unfinished text. */
export function mended(block: string): string {
  let text = withoutOpenMath(block).replace(openLink, '$1');
  if (countOf(text, '`') % 2 === 1) return `${text}\``;
  text = text.replace(/(?<=\s|^)[*_]{1,3}$/, '');
  if (countOf(text, '**') % 2 === 1) return text.endsWith('*') ? `${text}*` : `${text}**`;
  return text;
}

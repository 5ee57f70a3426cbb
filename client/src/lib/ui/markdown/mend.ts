// The end of a text that is still being written is often half a construct. Shown as it is, it would flicker: stars
// before they become bold, TeX before it becomes a formula. These rules show what it is about to become.

const openDollars = /\$\$(?:(?!\$\$)[\s\S])*$/;
const openBracket = /\\\[(?:(?!\\\])[\s\S])*$/;
const openParen = /\\\((?:(?!\\\))[^\n])*$/;
const openLink = /!?\[([^\]\n]*)\]\([^)\n]*$/;
/** Whatever is still open further back stays as it is: looking for it at each chunk would hold up the page. */
const TAIL_CHARACTERS = 2_000;
const countOf = (text: string, mark: string) => text.split(mark).length - 1;

function withoutHalves(block: string): string {
  const isInsideDollars = countOf(block, '$$') % 2 === 1;
  const tail = block.slice(-TAIL_CHARACTERS);
  const cut = isInsideDollars ? tail.replace(openDollars, '') : tail;
  const whole = cut.replace(openBracket, '').replace(openParen, '').replace(openLink, '$1');
  return block.slice(0, -TAIL_CHARACTERS) + whole;
}

/** Completes the last paragraph of an unfinished text. */
export function mended(block: string): string {
  let text = withoutHalves(block);
  if (countOf(text, '`') % 2 === 1) return `${text}\``;
  text = text.replace(/(?<=\s|^)[*_]{1,3}$/, '');
  if (countOf(text, '**') % 2 === 1) return text.endsWith('*') ? `${text}*` : `${text}**`;
  return text;
}

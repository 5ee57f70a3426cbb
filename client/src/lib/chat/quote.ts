/** A selection as the beginning of a message: each line marked as a quotation, room to write below. */
export function quoted(selection: string): string {
  const lines = selection.trim().split(/\r?\n/);
  return `${lines.map((line) => `> ${line.trimEnd()}`.trimEnd()).join('\n')}\n\n`;
}

/** What was typed stays before it. */
export const withQuote = (typed: string, selection: string): string =>
  `${typed.trim() ? `${typed.trimEnd()}\n\n` : ''}${quoted(selection)}`;

/** One line of text that any store takes: control characters and runs of white space become single spaces. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** The same, with white space as it was written: for names that people chose. */
export const withoutControls = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim();

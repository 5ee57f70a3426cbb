const WORDS_MAX = 8;
const WORD_CHARACTERS_MAX = 64;
/** Shorter beginnings stand for so many words that they find everything. */
const PREFIX_CHARACTERS_MIN = 2;

/**
 * The words that somebody typed as PostgreSQL's `to_tsquery` reads them; all must be found, the last one perhaps not
 * typed to its end. Null when there are none.
 */
export function searchQuery(search: string): string | null {
  const words = search
    .toWellFormed()
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, WORDS_MAX)
    .map((word) => word.slice(0, WORD_CHARACTERS_MAX).toWellFormed());
  const last = words.length - 1;
  const isPrefix = (word: string, at: number) =>
    at === last && word.length >= PREFIX_CHARACTERS_MIN && !/\s$/u.test(search);
  const terms = words.map((word, at) => `${quoted(word)}${isPrefix(word, at) ? ':*' : ''}`);
  return terms.length === 0 ? null : terms.join(' & ');
}

/** Within quotes a word may hold whatever has a meaning in queries. */
const quoted = (word: string): string => `'${word.replace(/[\\']/g, '$&$&')}'`;

const WORDS_MAX = 8;
const WORD_CHARACTERS_MAX = 64;

/** A pattern for SQL's `ilike` from each word of what somebody typed; all must match. */
export const searchPatterns = (search: string | null): readonly string[] =>
  (search ?? '')
    .split(/[\s\p{Cc}]+/u)
    .filter(Boolean)
    .slice(0, WORDS_MAX)
    .map((word) => `%${escapeLike(word.slice(0, WORD_CHARACTERS_MAX))}%`);

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

const COMBINING_ACCENTS = /[\u0300-\u036f]/g;
const CHARACTERS_MAX = 128;

/**
 * A name as it stands in addresses: lower case, without accents, one hyphen between its words, 128 characters at most.
 * Names that differ in nothing else have the same slug; one without letters and digits has an empty one.
 */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(COMBINING_ACCENTS, '')
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u);
  return [...words.filter(Boolean).join('-')].slice(0, CHARACTERS_MAX).join('');
}

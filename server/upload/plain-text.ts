/** No text of any program has these: they mean that the bytes are something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const BINARY = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** The text that the bytes are, or null when they are none: UTF-8, UTF-16 with its mark, or what Windows wrote before. */
export function plainText(bytes: Buffer): string | null {
  const text = decoded(bytes);
  return text === null || BINARY.test(text) ? null : text;
}

function decoded(bytes: Buffer): string | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return as('utf-16le', bytes);
  if (first === 0xfe && second === 0xff) return as('utf-16be', bytes);
  return as('utf-8', bytes) ?? as('windows-1252', bytes);
}

function as(encoding: string, bytes: Buffer): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

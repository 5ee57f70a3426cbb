/** As many as the file systems of those who download it take. */
const NAME_BYTES_MAX = 255;
const EXTENSION_CHARACTERS_MAX = 20;
const NAMELESS = 'file';
/**
 * What can't be seen, or makes a name look like another, as the mark that turns `fdp.exe` round; but not the joiners,
 * without which some scripts and emoji fall apart.
 */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}]|(?!\u200c|\u200d)\p{Cf}/gu;

/** The name that a file goes by: its last part, in one line, without what nobody sees. Never empty, never a path. */
export function uploadName(given: string): string {
  const last = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(UNSEEN, '').replace(/\s+/gu, ' ').trim();
  if (/^\.*$/.test(name)) return NAMELESS;
  return shortened(name);
}

/** What stands behind the last dot, in lower case; empty when nothing does. */
export function extensionOf(name: string): string {
  const [, extension = ''] = /\.([^.\s]+)$/u.exec(name) ?? [];
  return extension.length <= EXTENSION_CHARACTERS_MAX ? extension.toLowerCase() : '';
}

/** Cut between characters, before the extension. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= NAME_BYTES_MAX) return name;
  const extension = extensionOf(name);
  const end = extension === '' ? '…' : `….${extension}`;
  let stem = '';
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    if (Buffer.byteLength(stem + segment + end) > NAME_BYTES_MAX) break;
    stem += segment;
  }
  return stem + end;
}

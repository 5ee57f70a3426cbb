import type { ImportedLinesFragment, ImportState } from '#lib/graphql/generated.ts';

export type ImportedLine = ImportedLinesFragment['lines'][number];

export const stateTexts = (): Readonly<Record<ImportState, string>> => ({
  NEW: 'will be put in',
  MEMBER: 'is in it already',
  UNKNOWN: 'has not signed in yet',
  DUPLICATE: 'stands there twice',
  MALFORMED: 'is no address',
});

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** The text of a file that some spreadsheet wrote: in UTF-16 with its mark, in UTF-8, else as Windows writes. */
export function textOfFile(bytes: Uint8Array): string {
  const mark = MARKS.find(([, begin]) => begin.every((byte, at) => bytes[at] === byte));
  if (mark) return new TextDecoder(mark[0]).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** How many lines there are of each kind, the new ones first. */
export function summaryOf(
  lines: readonly ImportedLine[],
): readonly (readonly [ImportState, number])[] {
  const counts = (Object.keys(stateTexts()) as ImportState[]).map(
    (state) => [state, lines.filter((line) => line.state === state).length] as const,
  );
  return counts.filter(([state, count]) => count > 0 || state === 'NEW');
}

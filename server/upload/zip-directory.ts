const END = 0x06054b50;
const ENTRY = 0x02014b50;
/** The end's own length, and that of the longest comment behind it. */
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;

export interface ZipDirectory {
  readonly entries: number;
  /** What it says it would be, unpacked. */
  readonly bytes: number;
}

/** What the directory at the end of a zip archive says, without unpacking anything; null when there is none. */
export function zipDirectory(zip: Buffer): ZipDirectory | null {
  const from = Math.max(0, zip.length - END_BYTES - COMMENT_BYTES_MAX);
  let end = zip.length - END_BYTES;
  while (end >= from && zip.readUInt32LE(end) !== END) end -= 1;
  if (end < from) return null;
  let at = zip.readUInt32LE(end + 16);
  let [entries, bytes] = [0, 0];
  while (at + 46 <= zip.length && zip.readUInt32LE(at) === ENTRY) {
    entries += 1;
    bytes += zip.readUInt32LE(at + 24);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return { entries, bytes };
}

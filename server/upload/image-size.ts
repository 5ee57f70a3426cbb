/** The pixels of an image, read from its head: nothing is decoded. */

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

type ReadSize = (bytes: Buffer) => ImageSize | null;

const READERS: Readonly<Record<string, ReadSize>> = {
  'image/png': pngSize,
  'image/gif': gifSize,
  'image/jpeg': jpegSize,
  'image/webp': webpSize,
};

/** Null when the head does not say so, or says that there are none: then it is no image. */
export function imageSize(bytes: Buffer, mediaType: string): ImageSize | null {
  try {
    const size = READERS[mediaType]?.(bytes) ?? null;
    return size !== null && size.width > 0 && size.height > 0 ? size : null;
  } catch (error) {
    // The file ends within its head.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The first chunk must be the header. */
function pngSize(bytes: Buffer): ImageSize | null {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function gifSize(bytes: Buffer): ImageSize {
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** Markers that start a frame, and so say its size; those left out are tables. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Segments before the frame, of 64 KB at most each, and bytes of filling. */
const JPEG_STEPS_MAX = 1_000;

function jpegSize(bytes: Buffer): ImageSize | null {
  let at = 2;
  for (let step = 0; step < JPEG_STEPS_MAX && bytes.readUInt8(at) === 0xff; step += 1) {
    const marker = bytes.readUInt8(at + 1);
    if (isFrame(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    // A marker may be filled up with 0xff before it.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

function webpSize(bytes: Buffer): ImageSize | null {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return null;
  }
}

import { v7, validate } from 'uuid';
import { fail } from './failure.ts';

const BYTES = 16;
/** The time that an identifier begins with, in hexadecimal digits of milliseconds (RFC 9562). */
const TIME_DIGITS = 12;

/** Drawing so few bytes at a time from the system would cost more than all else of an id. */
const random = new Uint8Array(8_192);
let drawn = random.length;
let last = { msecs: 0, seq: 0 };

/** A new identifier; later ones sort after earlier ones, which keeps indices compact and lists in order. */
export function newId(): string {
  const now = Date.now();
  last = now > last.msecs ? { msecs: now, seq: 0 } : { msecs: last.msecs, seq: last.seq + 1 };
  return v7({ ...last, rng: drawRandom });
}

/** A new identifier that sorts after another one, also where a replica made that by a clock ahead of this one's. */
export function newIdAfter(other: string | null): string {
  const id = newId();
  if (other === null || id > other) return id;
  const msecs = Number.parseInt(other.replaceAll('-', '').slice(0, TIME_DIGITS), 16) + 1;
  return v7({ msecs, rng: drawRandom });
}

function drawRandom(): Uint8Array {
  if (drawn === random.length) {
    crypto.getRandomValues(random);
    drawn = 0;
  }
  drawn += BYTES;
  return random.subarray(drawn - BYTES, drawn);
}

/** The id, if it can be one at all. @throws Failure NOT_FOUND: a malformed id names nothing */
export function asId(text: string, what: string): string {
  return validate(text) ? text.toLowerCase() : fail('NOT_FOUND', `No such ${what}.`);
}

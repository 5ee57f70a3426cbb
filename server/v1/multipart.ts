/** Forms with files (RFC 7578), read as they arrive: no part is ever held whole. */
import { fail } from '../kernel/failure.ts';

const HEAD_BYTES_MAX = 8 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const BOUNDARY =
  /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s";,]{1,70}))\s*(?:;|$)/i;

/** What a part says of itself; names are as they came, between quotation marks. */
export interface PartHead {
  readonly name: string;
  /** Null for a field that is no file. */
  readonly fileName: string | null;
  readonly contentType: string | null;
}

export interface PartReceiver {
  opened(head: PartHead): void;
  piece(bytes: Buffer): void;
  closed(): void;
}

/** The text that stands between the parts; null when the content type is not that of a form with files. */
export function boundaryOf(contentType: string | undefined): string | null {
  const [, quoted, bare] = BOUNDARY.exec(contentType ?? '') ?? [];
  return quoted ?? bare ?? null;
}

type Place = 'before' | 'delimiter' | 'head' | 'part' | 'after';

export class MultipartParser {
  readonly #delimiter: Buffer;
  readonly #receiver: PartReceiver;
  #place: Place = 'before';
  /** The first delimiter stands at the very beginning, where the line end before it is left out. */
  #unread: Buffer = Buffer.from('\r\n');

  constructor(boundary: string, receiver: PartReceiver) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
    this.#receiver = receiver;
  }

  /** Tells the receiver of all that is known by now. @throws Failure INVALID */
  feed(bytes: Buffer): void {
    this.#unread = this.#unread.length > 0 ? Buffer.concat([this.#unread, bytes]) : bytes;
    while (this.#advances());
  }

  /** @throws Failure INVALID when the form is not complete */
  end(): void {
    if (this.#place !== 'after') malformed();
  }

  #advances(): boolean {
    if (this.#place === 'after') return false;
    if (this.#place === 'delimiter') return this.#afterDelimiter();
    return this.#place === 'head' ? this.#readHead() : this.#readPart();
  }

  #readPart(): boolean {
    const at = this.#unread.indexOf(this.#delimiter);
    // The end of what is here may be the beginning of the delimiter.
    const known = at === -1 ? this.#unread.length - this.#delimiter.length + 1 : at;
    if (known > 0) {
      if (this.#place === 'part') this.#receiver.piece(this.#unread.subarray(0, known));
      this.#unread = this.#unread.subarray(known);
    }
    if (at === -1) return false;
    if (this.#place === 'part') this.#receiver.closed();
    this.#unread = this.#unread.subarray(this.#delimiter.length);
    this.#place = 'delimiter';
    return true;
  }

  #afterDelimiter(): boolean {
    if (this.#unread.length < 2) return false;
    const mark = this.#unread.toString('latin1', 0, 2);
    if (mark !== '--' && mark !== '\r\n') malformed();
    this.#unread = this.#unread.subarray(2);
    this.#place = mark === '--' ? 'after' : 'head';
    return true;
  }

  #readHead(): boolean {
    const at = this.#unread.indexOf(END_OF_HEAD);
    if (at > HEAD_BYTES_MAX || (at === -1 && this.#unread.length > HEAD_BYTES_MAX)) malformed();
    if (at === -1) return false;
    this.#receiver.opened(headOf(this.#unread.toString('utf8', 0, at)));
    this.#unread = this.#unread.subarray(at + END_OF_HEAD.length);
    this.#place = 'part';
    return true;
  }
}

function headOf(text: string): PartHead {
  const disposition = /^content-disposition:\s*form-data(.*)$/im.exec(text)?.[1] ?? '';
  const name =
    /;\s*name="([^"]*)"/i.exec(disposition)?.[1] ?? /;\s*name=([^\s;"]+)/i.exec(disposition)?.[1];
  if (name === undefined) return malformed();
  return {
    name,
    fileName: /;\s*filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1] ?? null,
    contentType: /^content-type:\s*([\x20-\x7e]{1,200})\s*$/im.exec(text)?.[1] ?? null,
  };
}

const malformed = (): never =>
  fail('INVALID', 'The form is malformed or incomplete.', { reason: 'invalid_form' });

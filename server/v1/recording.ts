/** A form with a recording, as `/v1/audio` takes it. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fail } from '../kernel/failure.ts';
import type { Upload } from '../upstream/model-client.ts';
import { boundaryOf, MultipartParser, type PartHead, type PartReceiver } from './multipart.ts';
import { hasLeft, needLengthBelow, tooLarge, wrongType } from './read-body.ts';
import { SDK_NAMES } from './wire.ts';

const FIELDS_BYTES_MAX = 1024 * 1024;
const FIELDS_MAX = 100;
/** As much as the head of a WAV file says how long it lasts. */
const HEAD_BYTES = 64;
/** Of speech that is packed at 32 kbit/s. */
const BYTES_PER_SECOND = 4000;

/**
 * The file is kept in an unnamed temporary file, because only the whole form says which model is meant, and because it
 * may have to be sent twice.
 */
export class RecordingForm implements PartReceiver {
  readonly #file: FileHandle;
  readonly #fields: [name: string, value: string][] = [];
  #fieldBytes = 0;
  #part: { readonly head: PartHead; readonly pieces: Buffer[] } | null = null;
  #recording: PartHead | null = null;
  #unwritten: Buffer[] = [];
  #bytes = 0;
  #start: Buffer = Buffer.alloc(0);

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** To be closed. @throws Failure INVALID, with status 415 for another type of body, TOO_LARGE */
  static async receive(request: IncomingMessage, bytesMax: number): Promise<RecordingForm> {
    const boundary = boundaryOf(request.headers['content-type']);
    if (boundary === null) return wrongType('multipart/form-data');
    needLengthBelow(request, bytesMax);
    const form = new RecordingForm(await unnamedFile());
    try {
      await form.#read(request, new MultipartParser(boundary, form), bytesMax);
      return form;
    } catch (error) {
      await form.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** The last of several fields of this name; null when there is none. */
  field(name: string): string | null {
    return this.#fields.findLast(([known]) => known === name)?.[1] ?? null;
  }

  get hasRecording(): boolean {
    return this.#recording !== null && this.#bytes > 0;
  }

  /** Estimated: WAV files tell how many bytes make a second, others are taken for speech packed as usual. */
  get seconds(): number {
    const head = this.#start;
    const isWav = head.length >= 32 && head.toString('latin1', 8, 16) === 'WAVEfmt ';
    const bytesPerSecond = (isWav && head.readUInt32LE(28)) || BYTES_PER_SECOND;
    return Math.ceil(this.#bytes / bytesPerSecond);
  }

  /** The same form for a model server: with its own name of the model. */
  upload(model: string): Upload {
    const boundary = `lumen-${randomBytes(16).toString('hex')}`;
    const fields = [...this.#fields.filter(([name]) => name !== 'model'), ['model', model]];
    const texts = fields.map(
      ([name, value]) => `--${boundary}\r\n${disposition(name ?? '')}\r\n\r\n${value}\r\n`,
    );
    const { fileName, contentType } = this.#recording ?? { fileName: null, contentType: null };
    const named = `${disposition('file')}; filename="${fileName ?? 'recording'}"`;
    const type = contentType ?? 'application/octet-stream';
    const head = Buffer.from(
      `${texts.join('')}--${boundary}\r\n${named}\r\nContent-Type: ${type}\r\n\r\n`,
    );
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    return {
      contentType: `multipart/form-data; boundary=${boundary}`,
      bytes: head.length + this.#bytes + tail.length,
      open: () => Readable.from(this.#pieces(head, tail)),
    };
  }

  opened(head: PartHead): void {
    this.#part = { head, pieces: [] };
    if (head.fileName === null) return;
    if (head.name !== 'file' || this.#recording !== null)
      fail('INVALID', 'Send one file, in the field "file".', { param: 'file' });
    this.#recording = head;
  }

  piece(bytes: Buffer): void {
    if (this.#part?.head.fileName != null) this.#unwritten.push(bytes);
    else this.#part?.pieces.push(bytes);
    if (this.#part?.head.fileName == null) this.#fieldBytes += bytes.length;
    if (this.#fieldBytes > FIELDS_BYTES_MAX) throw tooLarge(FIELDS_BYTES_MAX);
  }

  closed(): void {
    const { head, pieces } = this.#part ?? {};
    this.#part = null;
    if (!head || head.fileName !== null || SDK_NAMES.includes(head.name)) return;
    if (this.#fields.length >= FIELDS_MAX)
      fail('INVALID', `A form has at most ${FIELDS_MAX} fields.`);
    this.#fields.push([head.name, Buffer.concat(pieces ?? []).toString('utf8')]);
  }

  async #read(request: IncomingMessage, parser: MultipartParser, bytesMax: number): Promise<void> {
    if (request.destroyed) throw hasLeft();
    let bytes = 0;
    // The answer to a form that is refused half-way still needs the connection.
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      bytes += piece.length;
      if (bytes > bytesMax) throw tooLarge(bytesMax);
      parser.feed(piece);
      await this.#write();
    }
    parser.end();
  }

  async #write(): Promise<void> {
    for (const piece of this.#unwritten.splice(0)) {
      if (this.#start.length < HEAD_BYTES)
        this.#start = Buffer.concat([this.#start, piece.subarray(0, HEAD_BYTES)]);
      await this.#file.write(piece);
      this.#bytes += piece.length;
    }
  }

  async *#pieces(head: Buffer, tail: Buffer): AsyncGenerator<Buffer, void> {
    yield head;
    yield* this.#file.createReadStream({ start: 0, autoClose: false });
    yield tail;
  }
}

const disposition = (name: string): string =>
  `Content-Disposition: form-data; name="${name.replaceAll('"', '%22')}"`;

/** Without a name nothing is left of it when it is closed, or when the process dies. */
async function unnamedFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `lumen-${randomBytes(16).toString('hex')}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Logger } from 'pino';
import { fail } from '../kernel/failure.ts';
import { Gate } from '../kernel/gate.ts';
import { PACKAGE_ROOT } from '../kernel/package-root.ts';
import { PDF } from './content.ts';
import type { DocumentAsked, DocumentRead } from './read-document.ts';

declare module '../context.ts' {
  interface Parts {
    readonly documents: DocumentReader;
  }
}

export interface DocumentText {
  readonly text: string;
  /** Whether the document has more text than was asked for. */
  readonly isCut: boolean;
}

const AT_A_TIME = 2;
const PATIENCE_MS = 8_000;
const ENOUGH_AFTER_MS = 5_000;
/** Of V8's heap; buffers, into which archives are unpacked, stand outside of it. */
const HEAP_MB = 128;
const MEMORY_KB_MAX = 220 * 1024;
const LOOK_EVERY_MS = 20;

/** Beside this file, as a source or built. */
const PROGRAM = join(import.meta.dirname, `read-document${extname(import.meta.filename)}`);
const READABLE = [
  import.meta.dirname,
  join(PACKAGE_ROOT, 'node_modules'),
  `${PACKAGE_ROOT}/package.json`,
];
const ARGUMENTS = [
  '--permission',
  ...READABLE.map((path) => `--allow-fs-read=${path}`),
  `--max-old-space-size=${HEAP_MB}`,
];

/**
 * Reads the text of documents, each in a process of its own with little memory, little time and no rights: a document
 * that makes its reader run wild takes nobody with it.
 */
export class DocumentReader {
  readonly #log: Logger;
  readonly #gate = new Gate(AT_A_TIME);
  readonly #running = new Set<ChildProcess>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @throws Failure INVALID when it can't be read, or has no text; TOO_LARGE when reading takes too much */
  async read(
    document: { readonly name: string; readonly mediaType: string; readonly bytes: Buffer },
    charactersMax: number,
  ): Promise<DocumentText> {
    const { name, mediaType, bytes } = document;
    const isPdf = mediaType === PDF;
    const asked = { bytes, isPdf, charactersMax, enoughAfterMs: ENOUGH_AFTER_MS };
    const read = await this.#gate.run(() => this.#ask(asked));
    if ('refusal' in read) return refuse(name, read.refusal);
    if (read.text !== '') return read;
    return fail(
      'INVALID',
      `There is no text in “${name}”.${isPdf ? ' If its pages are scans, upload them as images.' : ''}`,
      { reason: 'upload_unreadable', param: 'file' },
    );
  }

  close(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  async #ask(asked: DocumentAsked): Promise<DocumentRead> {
    const child = fork(PROGRAM, [], {
      execArgv: ARGUMENTS,
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#running.add(child);
    const watch = setInterval(() => void killLarge(child), LOOK_EVERY_MS);
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    try {
      return await answerOf(child, asked);
    } catch (error) {
      this.#log.warn({ err: error }, 'a document could not be read');
      return { refusal: 'too_large' };
    } finally {
      clearInterval(watch);
      clearTimeout(patience);
      child.kill('SIGKILL');
      this.#running.delete(child);
    }
  }
}

function answerOf(child: ChildProcess, asked: DocumentAsked): Promise<DocumentRead> {
  return new Promise((resolve, reject) => {
    child.once('message', (read) => resolve(read as DocumentRead));
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`its reader ended by ${signal ?? code}`)),
    );
    child.send(asked, (error) => error && reject(error));
  });
}

/** Where the system does not tell how large a process is, the limits of heap and time remain. */
async function killLarge(child: ChildProcess): Promise<void> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  const [, residentKb = 0] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
  if (Number(residentKb) > MEMORY_KB_MAX) child.kill('SIGKILL');
}

function refuse(name: string, refusal: 'locked' | 'damaged' | 'too_large'): never {
  switch (refusal) {
    case 'locked':
      return fail('INVALID', `“${name}” is protected by a password. Upload it without one.`, {
        reason: 'upload_unreadable',
        param: 'file',
      });
    case 'damaged':
      return fail('INVALID', `“${name}” is damaged: no text can be read from it.`, {
        reason: 'upload_unreadable',
        param: 'file',
      });
    case 'too_large':
      return fail('TOO_LARGE', `“${name}” takes too much to be read. Upload a part of it.`, {
        reason: 'upload_unreadable',
        param: 'file',
      });
  }
}

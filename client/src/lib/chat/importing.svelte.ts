import { change } from '#lib/graphql/client.ts';
import { ImportConversationsDocument } from '#lib/graphql/generated.ts';
import { type Form, fileOf, type Item, type Unreadable } from './import-pieces.ts';
import type { NextPiece, Reading, Wish } from './import-worker.ts';

interface Unread {
  readonly title: string;
  readonly why: string;
}

function problemOf(problem: Unreadable): string {
  if (problem === 'zip')
    return 'This is a ZIP archive. Unpack it, and choose the file conversations.json that is in it.';
  if (problem === 'unreadable') return 'The browser could not read this file.';
  return 'This file is not an export of Lumen’s or of ChatGPT’s.';
}

/** Conversations of a file on their way to the server. It goes on while other pages are looked at. */
class Importing {
  stage = $state<'none' | 'reading' | 'sending' | 'over'>('none');
  /** How many conversations the file has, and how many of them were tried. */
  total = $state(0);
  tried = $state(0);
  added = $state(0);
  unread = $state.raw<readonly Unread[]>([]);
  isCancelled = $state(false);
  /** Why it stopped; what was on its way can be tried again while the stage is still `sending`. */
  problem = $state<string>();
  #worker: Worker | undefined;
  #isSending = false;
  #form: Form = 'lumen';
  /** What was read and is not with the server yet. */
  #left: (readonly Item[])[] = [];

  /** How many were there already. */
  get known(): number {
    return this.tried - this.added - this.unread.length;
  }

  get isBusy(): boolean {
    return this.stage === 'reading' || this.stage === 'sending';
  }

  async read(file: Blob): Promise<void> {
    [this.total, this.tried, this.added] = [0, 0, 0];
    [this.unread, this.problem, this.isCancelled] = [[], undefined, false];
    this.#left = [];
    this.stage = 'reading';
    this.#worker = new Worker(new URL('./import-worker.ts', import.meta.url), { type: 'module' });
    const reading = await this.#fromWorker<Reading>(file);
    if ('problem' in reading) return this.#end(problemOf(reading.problem));
    this.#form = reading.form;
    this.total = reading.total;
    await this.goOn();
  }

  /** Sends what is left. */
  async goOn(): Promise<void> {
    this.stage = 'sending';
    this.problem = undefined;
    for (;;) {
      const items = this.#left[0] ?? (await this.#next());
      if (!items) return this.#end();
      if (items.length > 0 && !(await this.#send(items))) return;
      if (this.isCancelled) return this.#end();
    }
  }

  /** What is with the server stays there, and what is on its way to it arrives. */
  cancel(): void {
    this.isCancelled = true;
    if (!this.#isSending) this.#end();
  }

  /** The next ones to send; none at the end of the file. */
  async #next(): Promise<readonly Item[] | undefined> {
    const piece = await this.#fromWorker<NextPiece>(null);
    if (!piece) return undefined;
    for (const title of piece.tooLong)
      this.#isUnread({ title, why: 'It is too long to be imported.' });
    if (piece.items.length > 0) this.#left.push(piece.items);
    return piece.items;
  }

  /** Sends the first of what is left; of several that were refused, each half is tried. Gives whether to go on. */
  async #send(items: readonly Item[]): Promise<boolean> {
    const file = fileOf(this.#form, items);
    this.#isSending = true;
    const { data, failure } = await change(ImportConversationsDocument, { file });
    this.#isSending = false;
    if (failure && failure.code !== 'INVALID') {
      if (this.isCancelled) this.#end();
      else this.problem = failure.message;
      return false;
    }
    this.#left.shift();
    const [one] = items;
    const half = Math.ceil(items.length / 2);
    if (data) {
      this.added += data.importConversations;
      this.tried += items.length;
    } else if (items.length > 1) this.#left.unshift(items.slice(0, half), items.slice(half));
    else if (one) this.#isUnread({ title: one.title, why: failure.message });
    return true;
  }

  #isUnread(unread: Unread): void {
    this.unread = [...this.unread, unread];
    this.tried += 1;
  }

  #end(problem?: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.stage = 'over';
    this.problem = problem;
  }

  #fromWorker<Answer>(wish: Wish): Promise<Answer> {
    const worker = this.#worker;
    return new Promise((resolve) => {
      if (!worker) return;
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = () => this.#end(problemOf('unreadable'));
      worker.postMessage(wish);
    });
  }
}

/** One at a time. */
export const importing = new Importing();

import { ask, change } from '#lib/graphql/client.ts';
import {
  DeleteUploadDocument,
  type UploadedFileFragment,
  UploadsDocument,
  type UploadsQuery,
} from '#lib/graphql/generated.ts';
import { announcer } from '#lib/ui/announce.svelte.ts';
import { formatBytes } from '#lib/ui/numbers.ts';
import { sendFile } from './send-file.ts';

export type UploadedFile = UploadedFileFragment;
type Rules = NonNullable<UploadsQuery['uploadRules']>;

/** The server takes a few at a time of each person; other tabs shall not wait for this one. */
const AT_A_TIME = 2;

/** One file beside the text that is being written. */
export class Attachment {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  /** What is shown until the server has it; only of images. */
  readonly preview: string | undefined;
  /** What to upload; undefined for one that was uploaded before the page was loaded. */
  readonly source: File | undefined;
  readonly control = new AbortController();
  /** From 0 to 1; at 1 the server reads it. */
  progress = $state(0);
  failure = $state<string>();
  canRetry = false;
  file = $state.raw<UploadedFile>();
  isSending = false;

  constructor(key: number, source: File | UploadedFile) {
    this.key = key;
    this.name = source.name;
    this.size = source.size;
    this.source = source instanceof File ? source : undefined;
    if (!(source instanceof File)) this.file = source;
    else if (/^image\/(png|jpeg|gif|webp)$/.test(source.type))
      this.preview = URL.createObjectURL(source);
  }

  get isOnItsWay(): boolean {
    return !this.file && this.failure === undefined;
  }

  forget(): void {
    this.control.abort();
    if (this.preview) URL.revokeObjectURL(this.preview);
  }
}

const slotOf = (conversationId: string | undefined) => `lumen.files.${conversationId ?? 'new'}`;

function stored(slot: string): UploadedFile[] {
  try {
    const files: unknown = JSON.parse(localStorage.getItem(slot) ?? '[]');
    return Array.isArray(files) ? files.filter((file) => typeof file?.id === 'string') : [];
  } catch {
    return [];
  }
}

/** The files of a draft. Those that the server has survive a reload. */
export class Attachments {
  #items = $state.raw<readonly Attachment[]>([]);
  /** Null when uploads are switched off; undefined until the server has said so. */
  rules = $state.raw<Rules | null>();
  /** Why something could not be added at all. */
  problem = $state<string>();
  readonly #slot: string;
  #lastKey = 0;

  constructor(conversationId: string | undefined) {
    this.#slot = slotOf(conversationId);
    this.#items = stored(this.#slot).map((file) => new Attachment(this.#nextKey(), file));
  }

  get items(): readonly Attachment[] {
    return this.#items;
  }

  /** Those that can be sent. */
  get files(): readonly UploadedFile[] {
    return this.#items.flatMap(({ file }) => file ?? []);
  }

  get areOnTheirWay(): boolean {
    return this.#items.some(({ isOnItsWay }) => isOnItsWay);
  }

  /** Asks the server what may be uploaded, and which of the files of before are still there. */
  async check(): Promise<void> {
    const { data } = await ask(UploadsDocument, {});
    if (!data) return;
    this.rules = data.uploadRules;
    const known = new Set(data.unsentUploads.map(({ id }) => id));
    for (const item of this.#items) {
      if (item.source || !item.file || known.has(item.file.id)) continue;
      this.#drop(item);
      this.problem = `“${item.name}” does not wait to be sent any more. Add it again if you need it.`;
    }
  }

  add(files: readonly File[]): void {
    if (files.length === 0) return;
    if (this.rules === null) {
      this.refuse();
      return;
    }
    this.problem = undefined;
    const room = (this.rules?.filesMax ?? Infinity) - this.#items.length;
    if (files.length > room) this.problem = `A message takes up to ${this.rules?.filesMax} files.`;
    const added = files.slice(0, room).map((file) => this.#attachment(file));
    this.#items = [...this.#items, ...added];
    this.#sendNext();
  }

  /** Says why nothing can be added. */
  refuse(): void {
    this.problem = 'Files can’t be uploaded here: an administrator has switched it off.';
  }

  retry(item: Attachment): void {
    item.failure = undefined;
    item.progress = 0;
    this.#sendNext();
  }

  /** Also lets it go on the server, unless it was sent from another tab. */
  remove(item: Attachment): void {
    this.#drop(item);
    this.problem = undefined;
    announcer.say(`${item.name} removed`);
    if (item.file) void change(DeleteUploadDocument, { id: item.file.id });
    this.#sendNext();
  }

  /** Takes out what can be sent, but keeps it stored until `sent` says that it has arrived. */
  hold(): readonly UploadedFile[] {
    const { files } = this;
    this.#items = this.#items.filter(({ file }) => !file);
    this.problem = undefined;
    return files;
  }

  sent(): void {
    this.#store();
  }

  /** Puts back what could not be sent, before what was added since. */
  restore(files: readonly UploadedFile[]): void {
    const items = files.map((file) => new Attachment(this.#nextKey(), file));
    this.#items = [...items, ...this.#items];
    this.#store();
  }

  #attachment(file: File): Attachment {
    const item = new Attachment(this.#nextKey(), file);
    const { bytesMax = Infinity } = this.rules ?? {};
    if (file.size > bytesMax)
      this.#failed(
        item,
        `“${file.name}” is ${formatBytes(file.size)}; at most ${formatBytes(bytesMax)} may be uploaded.`,
      );
    return item;
  }

  #sendNext(): void {
    const waiting = this.#items.filter((item) => item.isOnItsWay && !item.isSending);
    const room = AT_A_TIME - this.#items.filter(({ isSending }) => isSending).length;
    for (const item of waiting.slice(0, Math.max(room, 0))) void this.#send(item);
  }

  async #send(item: Attachment): Promise<void> {
    if (!item.source) return;
    item.isSending = true;
    const { signal } = item.control;
    const onprogress = (share: number) => {
      item.progress = share;
    };
    const sent = await sendFile(item.source, { signal, onprogress });
    item.isSending = false;
    item.canRetry = !sent.file && sent.canRetry;
    if (sent.file) this.#arrived(item, sent.file);
    else if (!signal.aborted) this.#failed(item, sent.message);
    this.#sendNext();
  }

  #arrived(item: Attachment, file: UploadedFile): void {
    if (item.control.signal.aborted) {
      void change(DeleteUploadDocument, { id: file.id });
      return;
    }
    item.file = file;
    announcer.say(`${file.name} attached`);
    this.#store();
  }

  #failed(item: Attachment, message: string): void {
    item.failure = message;
    announcer.say(message);
  }

  #drop(item: Attachment): void {
    item.forget();
    this.#items = this.#items.filter((other) => other !== item);
    this.#store();
  }

  #store(): void {
    const { files } = this;
    if (files.length > 0) localStorage.setItem(this.#slot, JSON.stringify(files));
    else localStorage.removeItem(this.#slot);
  }

  #nextKey(): number {
    this.#lastKey += 1;
    return this.#lastKey;
  }
}

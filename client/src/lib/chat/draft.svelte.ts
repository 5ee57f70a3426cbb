import { Attachments, type UploadedFile } from './attachments.svelte.ts';

const keyOf = (conversationId: string | undefined) => `lumen.draft.${conversationId ?? 'new'}`;

/** A message as it was written. */
export interface Written {
  readonly text: string;
  readonly files: readonly UploadedFile[];
}

/** What is typed but not sent. It survives a reload, a lost connection and a look at another conversation. */
export class Draft {
  readonly attachments: Attachments;
  readonly #key: string;
  #text: string = $state('');

  constructor(conversationId: string | undefined) {
    this.#key = keyOf(conversationId);
    this.#text = localStorage.getItem(this.#key) ?? '';
    this.attachments = new Attachments(conversationId);
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    if (text) localStorage.setItem(this.#key, text);
    else localStorage.removeItem(this.#key);
  }

  get isEmpty(): boolean {
    return this.#text.trim() === '' && this.attachments.files.length === 0;
  }

  /** Empties the field but keeps what was in it stored until `sent` says that it has arrived. */
  hold(): Written {
    const held = { text: this.#text, files: this.attachments.hold() };
    this.#text = '';
    return held;
  }

  sent(): void {
    if (this.#text === '') localStorage.removeItem(this.#key);
    this.attachments.sent();
  }

  /** Puts back what could not be sent, before anything written since. */
  restore({ text, files }: Written): void {
    this.text = this.#text ? `${text}\n\n${this.#text}` : text;
    this.attachments.restore(files);
  }
}

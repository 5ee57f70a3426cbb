const keyOf = (conversationId: string | undefined) => `lumen.draft.${conversationId ?? 'new'}`;

/** What is typed but not sent. It survives a reload, a lost connection and a look at another conversation. */
export class Draft {
  readonly #key: string;
  #text: string = $state('');

  constructor(conversationId: string | undefined) {
    this.#key = keyOf(conversationId);
    this.#text = localStorage.getItem(this.#key) ?? '';
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    if (text) localStorage.setItem(this.#key, text);
    else localStorage.removeItem(this.#key);
  }

  /** Empties the field but keeps the stored text until `sent` says that it has arrived. */
  hold(): string {
    const held = this.#text;
    this.#text = '';
    return held;
  }

  sent(): void {
    if (this.#text === '') localStorage.removeItem(this.#key);
  }

  /** Puts back what could not be sent, before anything typed since. */
  restore(held: string): void {
    this.text = this.#text ? `${held}\n\n${this.#text}` : held;
  }
}

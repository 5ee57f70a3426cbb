import { ModelsDocument } from '#lib/graphql/generated.ts';
import { Watched } from '#lib/graphql/watched.svelte.ts';
import { connection } from '#lib/live/connection.svelte.ts';
import { pick } from './usable.ts';

const KEY = 'lumen.model';

/** The models on offer and the one that the next message goes to. */
export class Models {
  readonly #query = new Watched(ModelsDocument, {});
  #remembered = $state(localStorage.getItem(KEY) ?? undefined);
  /** Chosen for the open conversation, which otherwise goes on with the model it has. */
  #override = $state<string>();
  readonly #ofConversation: () => string | undefined;

  constructor(ofConversation: () => string | undefined) {
    this.#ofConversation = ofConversation;
  }

  watch(): () => void {
    const leave = [this.#query.watch(), connection.onReturn(() => void this.refresh())];
    return () => {
      for (const end of leave) end();
    };
  }

  readonly all = $derived.by(() => this.#query.data?.models ?? []);
  readonly isKnown = $derived.by(() => this.#query.data !== undefined);
  readonly chosen = $derived.by(() =>
    pick(this.all, [this.#override, this.#ofConversation(), this.#remembered]),
  );

  get failure() {
    return this.#query.failure;
  }

  refresh() {
    return this.#query.refresh();
  }

  choose(name: string) {
    this.#override = name;
    this.#remembered = name;
    localStorage.setItem(KEY, name);
  }

  forgetOverride() {
    this.#override = undefined;
  }
}

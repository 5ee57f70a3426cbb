import { type ModelChoiceFragment, ModelsDocument } from '#lib/graphql/generated.ts';
import { Watched } from '#lib/graphql/watched.svelte.ts';
import { connection } from '#lib/live/connection.svelte.ts';
import { Acknowledgement } from './acknowledgement.svelte.ts';
import { needsAcknowledgement, obstacle, pick } from './usable.ts';

const KEY = 'lumen.model';
/** More answers than this are not seen side by side. */
export const COMPARED_MAX = 4;

/** The models on offer and the one that the next message goes to. */
export class Models {
  readonly acknowledgement = new Acknowledgement();
  readonly #query = new Watched(ModelsDocument, {});
  #remembered = $state(localStorage.getItem(KEY) ?? undefined);
  /** Chosen for the open conversation, which otherwise goes on with the model it has. */
  #override = $state<string>();
  /** Chosen beside it, to answer the same questions. */
  #others = $state.raw<readonly string[]>([]);
  /** Who never chose stays with what is shown, also when another model comes before it. */
  #lastShown: string | undefined;
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
  readonly chosen = $derived.by(() => {
    const compared = [this.#override, ...this.#others];
    const wishes = [...compared, this.#ofConversation(), this.#remembered, this.#lastShown];
    const chosen = pick(this.all, wishes);
    this.#lastShown = chosen?.name;
    return chosen;
  });

  /** The names of those that answer beside the chosen one. */
  readonly others = $derived.by(() =>
    this.all
      .filter((model) => this.#others.includes(model.name) && obstacle(model) === undefined)
      .map((model) => model.name)
      .filter((name) => name !== this.chosen?.name),
  );

  get failure() {
    return this.#query.failure;
  }

  refresh() {
    return this.#query.refresh();
  }

  /** What must be acknowledged is chosen only when it was. */
  async choose(model: ModelChoiceFragment): Promise<void> {
    if (needsAcknowledgement(model) && !(await this.acknowledgement.ask(model))) return;
    this.settleOn(model.name);
    this.#remembered = model.name;
    localStorage.setItem(KEY, model.name);
  }

  /** Leaves the open conversation to one model. */
  settleOn(name: string): void {
    this.#override = name;
    this.#others = [];
  }

  /** Has several models answer what is asked next; those are left out whose terms are not accepted. */
  async compare(models: readonly ModelChoiceFragment[]): Promise<void> {
    const accepted: string[] = [];
    for (const model of models) {
      if (!needsAcknowledgement(model) || (await this.acknowledgement.ask(model)))
        accepted.push(model.name);
    }
    const [first, ...others] = accepted;
    if (first === undefined) return;
    this.settleOn(first);
    this.#others = others;
  }

  /**
   * Whether a model needs no acknowledgement any more, after asking for it where it does.
   *
   * @param isRefused when the server has just missed it, and so may know more than this page
   */
  async isAcknowledged(name: string, isRefused: boolean): Promise<boolean> {
    if (isRefused) await this.refresh();
    const model = this.all.find((each) => each.name === name);
    return !model || !needsAcknowledgement(model) || this.acknowledgement.ask(model);
  }

  forgetOverride() {
    this.#override = undefined;
    this.#others = [];
  }
}

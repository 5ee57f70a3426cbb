import { change } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import { AcknowledgeModelDocument, type ModelChoiceFragment } from '#lib/graphql/generated.ts';

/** The question whether the viewer accepts what a model asks for; one at a time. */
export class Acknowledgement {
  /** The model in question; without one, nothing is asked. */
  model = $state.raw<ModelChoiceFragment>();
  failure = $state.raw<Failure>();
  isAccepting = $state(false);
  #answer: (isAccepted: boolean) => void = () => {};

  /** Gives whether they accepted, once they have decided. */
  ask(model: ModelChoiceFragment): Promise<boolean> {
    this.leave();
    this.failure = undefined;
    this.model = model;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  async accept(): Promise<void> {
    const { model } = this;
    if (!model || this.isAccepting) return;
    this.isAccepting = true;
    const { failure } = await change(AcknowledgeModelDocument, { name: model.name });
    this.isAccepting = false;
    // Whoever left meanwhile has decided otherwise.
    if (this.model !== model) return;
    this.failure = failure;
    if (!failure) this.#end(true);
  }

  leave(): void {
    this.#end(false);
  }

  #end(isAccepted: boolean): void {
    this.model = undefined;
    this.#answer(isAccepted);
  }
}

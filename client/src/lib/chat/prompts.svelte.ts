import { change } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  CreatePromptDocument,
  DeletePromptDocument,
  OwnGroupsDocument,
  type PromptInput,
  PromptsDocument,
  type PromptTextFragment,
} from '#lib/graphql/generated.ts';
import { Watched } from '#lib/graphql/watched.svelte.ts';

export type Prompt = PromptTextFragment;

/** The viewer's prompts, and those that their groups share. */
export class Prompts {
  readonly #query = new Watched(PromptsDocument, {});
  readonly #groups = new Watched(OwnGroupsDocument, {});

  get all(): readonly Prompt[] {
    return this.#query.data?.prompts ?? [];
  }

  /** The groups that a prompt can be shared with. */
  get groups(): readonly string[] {
    return this.#groups.data?.viewer.groups ?? [];
  }

  watch(): () => void {
    return this.#query.watch();
  }

  watchGroups(): () => void {
    return this.#groups.watch();
  }

  async create(input: PromptInput): Promise<Failure | undefined> {
    const { failure } = await change(CreatePromptDocument, { input });
    if (!failure) await this.#query.refresh();
    return failure;
  }

  async delete(id: string): Promise<Failure | undefined> {
    const { failure } = await change(DeletePromptDocument, { id });
    if (!failure) await this.#query.refresh();
    return failure;
  }
}

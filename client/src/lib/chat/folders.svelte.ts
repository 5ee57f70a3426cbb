import { change } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  CreateFolderDocument,
  DeleteFolderDocument,
  type FolderNameFragment,
  FoldersDocument,
  RenameFolderDocument,
} from '#lib/graphql/generated.ts';
import { Watched } from '#lib/graphql/watched.svelte.ts';
import { connection } from '#lib/live/connection.svelte.ts';

export type Folder = FolderNameFragment;

/** The viewer's folders, by name. */
export class Folders {
  readonly #query = new Watched(FoldersDocument, {});

  get all(): readonly Folder[] {
    return this.#query.data?.folders ?? [];
  }

  watch(): () => void {
    const leave = [this.#query.watch(), connection.onReturn(() => void this.#query.refresh())];
    return () => {
      for (const end of leave) end();
    };
  }

  /** Gives its id. */
  async create(name: string): Promise<{ id?: string | undefined; failure?: Failure | undefined }> {
    const { data, failure } = await change(CreateFolderDocument, { name });
    await this.#query.refresh();
    return { id: data?.createFolder.id, failure };
  }

  async rename(id: string, name: string): Promise<Failure | undefined> {
    return (await change(RenameFolderDocument, { id, name })).failure;
  }

  async delete(id: string): Promise<Failure | undefined> {
    const { failure } = await change(DeleteFolderDocument, { id });
    await this.#query.refresh();
    return failure;
  }
}

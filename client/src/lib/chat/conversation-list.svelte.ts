import { ask, change } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  type ConversationRowFragment,
  ConversationsDocument,
  DeleteConversationDocument,
  RenameConversationDocument,
} from '#lib/graphql/generated.ts';
import { connection } from '#lib/live/connection.svelte.ts';
import { onViewerEvent, type ViewerEvent } from '#lib/live/viewer-events.ts';
import { merged } from './newest-first.ts';

const PAGE = 40;
export type ConversationRow = ConversationRowFragment;

/** The viewer's conversations as far as they were scrolled to, newest first, kept current by events. */
export class ConversationList {
  rows = $state.raw<readonly ConversationRow[]>([]);
  failure = $state.raw<Failure>();
  isLoaded = $state(false);
  hasMore = $state(false);
  #next: string | null = null;
  #search = '';
  /** Counts the beginnings, so that a late answer to an earlier search is not shown. */
  #generation = 0;
  #isLoadingMore = false;

  watch(): () => void {
    void this.reload();
    const leave = [
      onViewerEvent((event) => this.#take(event)),
      connection.onReturn(() => void this.reload()),
    ];
    return () => {
      for (const end of leave) end();
    };
  }

  search(text: string): void {
    this.#search = text.trim();
    void this.reload();
  }

  async reload(): Promise<void> {
    this.#generation += 1;
    await this.#load(null);
  }

  async more(): Promise<void> {
    if (!this.hasMore || this.#isLoadingMore) return;
    this.#isLoadingMore = true;
    await this.#load(this.#next);
    this.#isLoadingMore = false;
  }

  async #load(after: string | null): Promise<void> {
    const generation = this.#generation;
    const search = this.#search || null;
    const { data, failure } = await ask(ConversationsDocument, { first: PAGE, after, search });
    if (generation !== this.#generation) return;
    this.failure = failure;
    if (!data) return;
    const { nodes, next } = data.conversations;
    this.rows = after === null ? nodes : merged(this.rows, nodes);
    this.#next = next;
    this.hasMore = next !== null;
    this.isLoaded = true;
  }

  async rename(id: string, title: string): Promise<Failure | undefined> {
    const { data, failure } = await change(RenameConversationDocument, { id, title });
    if (data) this.put(data.renameConversation);
    return failure;
  }

  async delete(id: string): Promise<Failure | undefined> {
    const { failure } = await change(DeleteConversationDocument, { id });
    if (!failure) this.#remove(id);
    return failure;
  }

  /** While searching, only what was found is kept current: what else matches is for the server to say. */
  put(row: ConversationRow): void {
    const isHeld = this.rows.some((held) => held.id === row.id);
    if (isHeld || this.#search === '') this.rows = merged(this.rows, [row]);
  }

  #remove(id: string): void {
    this.rows = this.rows.filter((row) => row.id !== id);
  }

  #take(event: ViewerEvent): void {
    if (event.__typename === 'ConversationChanged') this.put(event.conversation);
    if (event.__typename === 'ConversationDeleted') this.#remove(event.id);
  }
}

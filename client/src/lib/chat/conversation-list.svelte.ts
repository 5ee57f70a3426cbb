import { ask, change } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  type ConversationRowFragment,
  ConversationsDocument,
  type ConversationsQuery,
  DeleteConversationDocument,
  MoveConversationDocument,
  PinConversationDocument,
  RenameConversationDocument,
  RestoreConversationDocument,
} from '#lib/graphql/generated.ts';
import type { Outcome } from '#lib/graphql/outcome.ts';
import { connection } from '#lib/live/connection.svelte.ts';
import { onViewerEvent, type ViewerEvent } from '#lib/live/viewer-events.ts';
import { merged } from './newest-first.ts';

const PAGE = 40;
/** Of those that are kept at hand: pinned, or in a folder. */
const KEPT_PAGE = 200;
export type ConversationRow = ConversationRowFragment;

/** The viewer's conversations as far as they were scrolled to, newest first, kept current by events. */
export class ConversationList {
  rows = $state.raw<readonly ConversationRow[]>([]);
  failure = $state.raw<Failure>();
  isLoaded = $state(false);
  hasMore = $state(false);
  /** Deleted a moment ago, and still to be had back. */
  deleted = $state.raw<ConversationRow>();
  #next: string | null = null;
  /** Counts the beginnings, so that a late answer to an earlier one is not shown. */
  #generation = 0;
  #isLoadingMore = false;

  readonly pinned = $derived.by(() => this.rows.filter((row) => row.isPinned));
  readonly loose = $derived.by(() => this.rows.filter((row) => !row.isPinned && !row.folderId));

  inFolder(id: string): ConversationRow[] {
    return this.rows.filter((row) => row.folderId === id);
  }

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

  async reload(): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const [first, pinned] = await Promise.all([
      ask(ConversationsDocument, { first: PAGE }),
      ask(ConversationsDocument, { first: KEPT_PAGE, filter: { isPinned: true } }),
    ]);
    if (generation !== this.#generation) return;
    this.failure = first.failure;
    if (!first.data) return;
    // What lies in folders was asked for by itself, and is asked for again when its folder is opened.
    const held = this.rows.filter((row) => row.folderId);
    this.rows = merged(held, pinned.data?.conversations.nodes ?? []);
    this.isLoaded = true;
    this.#add(first.data.conversations);
  }

  async more(): Promise<void> {
    if (!this.hasMore || this.#isLoadingMore) return;
    this.#isLoadingMore = true;
    const generation = this.#generation;
    const { data, failure } = await ask(ConversationsDocument, { first: PAGE, after: this.#next });
    this.#isLoadingMore = false;
    if (generation !== this.#generation) return;
    this.failure = failure;
    if (data) this.#add(data.conversations);
  }

  async loadFolder(folderId: string): Promise<Failure | undefined> {
    const filter = { folderId };
    const { data, failure } = await ask(ConversationsDocument, { first: KEPT_PAGE, filter });
    if (data) this.rows = merged(this.rows, data.conversations.nodes);
    return failure;
  }

  #add({ nodes, next }: ConversationsQuery['conversations']): void {
    this.rows = merged(this.rows, nodes);
    this.#next = next;
    this.hasMore = next !== null;
  }

  async rename(id: string, title: string): Promise<Failure | undefined> {
    const outcome = await change(RenameConversationDocument, { id, title });
    return this.#keep(outcome, outcome.data?.renameConversation);
  }

  async pin(id: string, isPinned: boolean): Promise<Failure | undefined> {
    const outcome = await change(PinConversationDocument, { id, isPinned });
    return this.#keep(outcome, outcome.data?.pinConversation);
  }

  async move(id: string, folderId: string | null): Promise<Failure | undefined> {
    const outcome = await change(MoveConversationDocument, { id, folderId });
    return this.#keep(outcome, outcome.data?.moveConversation);
  }

  async delete(row: ConversationRow): Promise<Failure | undefined> {
    const { failure } = await change(DeleteConversationDocument, { id: row.id });
    if (failure) return failure;
    this.#remove(row.id);
    this.deleted = row;
    return undefined;
  }

  async restore(id: string): Promise<Failure | undefined> {
    this.deleted = undefined;
    const outcome = await change(RestoreConversationDocument, { id });
    return this.#keep(outcome, outcome.data?.restoreConversation);
  }

  #keep(outcome: Outcome<unknown>, row: ConversationRow | undefined): Failure | undefined {
    if (row) this.put(row);
    return outcome.failure;
  }

  put(row: ConversationRow): void {
    if (!row.isTemporary) this.rows = merged(this.rows, [row]);
  }

  #remove(id: string): void {
    this.rows = this.rows.filter((row) => row.id !== id);
  }

  #take(event: ViewerEvent): void {
    if (event.__typename === 'ConversationChanged') this.put(event.conversation);
    if (event.__typename === 'ConversationDeleted') this.#remove(event.id);
  }
}

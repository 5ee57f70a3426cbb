import { type ModelView, visibleModels } from '../access/visible-models.ts';
import { type Site, site } from '../account/site.ts';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { Failure } from '../kernel/failure.ts';
import type { Fact, FactOf } from '../live/facts.ts';
import { follow } from '../live/follow.ts';
import { stoppable } from '../live/stoppable.ts';
import type { Conversation } from './conversation.entity.ts';
import type { Folder } from './folder.entity.ts';
import { folderList } from './folders.ts';
import type { Message } from './message.entity.ts';
import { ownConversation, ownMessage } from './own.ts';
import type { SavedPrompt } from './saved-prompt.entity.ts';
import { promptList } from './saved-prompts.ts';

/** Something of the viewer's has changed; what is told is read anew through the viewer's own access. */
export type ViewerEvent =
  | { readonly kind: 'conversationChanged'; readonly conversation: Conversation }
  | { readonly kind: 'conversationDeleted'; readonly id: string }
  | { readonly kind: 'messageChanged'; readonly message: Message }
  | { readonly kind: 'poolChanged' }
  | { readonly kind: 'foldersChanged'; readonly folders: readonly Folder[] }
  | { readonly kind: 'promptsChanged'; readonly prompts: readonly SavedPrompt[] }
  | { readonly kind: 'modelsChanged'; readonly models: readonly ModelView[] }
  | { readonly kind: 'siteChanged'; readonly site: Site };

type ViewerFact = FactOf<ViewerEvent['kind'] | 'accessChanged'>;

/** @throws Failure UNAUTHENTICATED */
export function viewerEvents(ctx: Context): AsyncIterableIterator<ViewerEvent> {
  const { accountId } = signedIn(ctx);
  return stoppable((signal) => events(ctx, accountId, signal));
}

async function* events(
  ctx: Context,
  accountId: string,
  signal: AbortSignal,
): AsyncGenerator<ViewerEvent, void> {
  for await (const fact of follow(ctx.live, (fact) => concerns(fact, accountId), signal)) {
    const event = await told(ctx.forked(), fact as ViewerFact);
    if (event) yield event;
  }
}

const VIEWER_FACTS: ReadonlySet<Fact['kind']> = new Set<ViewerFact['kind']>([
  'accessChanged',
  'conversationChanged',
  'conversationDeleted',
  'messageChanged',
  'foldersChanged',
  'promptsChanged',
  'poolChanged',
  'modelsChanged',
  'siteChanged',
]);

const concerns = (fact: Fact, accountId: string): boolean =>
  VIEWER_FACTS.has(fact.kind) &&
  (!('account' in fact) || fact.account === null || fact.account === accountId);

/** Null when the thing, or the viewer's access, is gone since: something else tells that. */
async function told(ctx: Context, fact: ViewerFact): Promise<ViewerEvent | null> {
  try {
    if (fact.kind === 'conversationChanged')
      return { kind: fact.kind, conversation: await ownConversation(ctx, fact.id) };
    if (fact.kind === 'messageChanged')
      return { kind: fact.kind, message: await ownMessage(ctx, fact.id) };
    if (fact.kind === 'conversationDeleted') return { kind: fact.kind, id: fact.id };
    if (fact.kind === 'foldersChanged') return { kind: fact.kind, folders: await folderList(ctx) };
    if (fact.kind === 'poolChanged') return { kind: fact.kind };
    // The configuration and the memberships that the subscription began with may be what has changed.
    return await toldAnew(await ctx.renewed(), fact.kind);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'INTERNAL') return null;
    throw error;
  }
}

async function toldAnew(ctx: Context, kind: ViewerFact['kind']): Promise<ViewerEvent> {
  if (kind === 'promptsChanged') return { kind, prompts: await promptList(ctx) };
  if (kind === 'siteChanged') return { kind, site: site(ctx) };
  return { kind: 'modelsChanged', models: visibleModels(ctx) };
}

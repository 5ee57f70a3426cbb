import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import type { Page } from '../kernel/page.ts';
import type { Conversation } from './conversation.entity.ts';
import { ConversationType } from './conversation.type.ts';
import { ownConversations } from './relations.ts';
import { SearchHitType, SearchPageType } from './search.type.ts';
import { type SearchHit, searchConversations } from './search-conversations.ts';

@Resolver(() => SearchHitType)
export class SearchResolver {
  @Query(() => SearchPageType, {
    description: 'Your conversations and messages in which all these words are, the best first.',
  })
  search(
    @Arg('text', () => String, {
      description: 'Words; the last one may be the beginning of one.',
    })
    text: string,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, up to 50.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `next` of the page before.' })
    after: string | null,
    @Ctx() ctx: Context,
  ): Promise<Page<SearchHit>> {
    return searchConversations(ctx, { text, first, after: after ?? null });
  }

  @FieldResolver(() => ConversationType, { description: 'The conversation that it is in.' })
  conversation(@Root() hit: SearchHit, @Ctx() ctx: Context): Promise<Conversation> {
    return batched(ctx, ownConversations, hit.conversationId);
  }
}

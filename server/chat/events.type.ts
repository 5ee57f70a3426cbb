import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import { ModelType } from '../access/model.type.ts';
import type { ModelView } from '../access/visible-models.ts';
import type { Site } from '../account/site.ts';
import { SiteType } from '../account/site.type.ts';
import { ViewerType } from '../account/viewer.type.ts';
import type { Conversation } from './conversation.entity.ts';
import { ConversationType } from './conversation.type.ts';
import type { Folder } from './folder.entity.ts';
import { FolderType } from './folder.type.ts';
import type { Message } from './message.entity.ts';
import { MessageType } from './message.type.ts';
import type { MessageEvent } from './message-stream.ts';
import type { SavedPrompt } from './saved-prompt.entity.ts';
import { PromptType } from './saved-prompt.type.ts';
import type { ViewerEvent } from './viewer-events.ts';

@ObjectType('MessageChunk', { description: 'The next piece of an answer.' })
class MessageChunkType {
  @Field(() => Int, {
    description:
      'Code points of the whole content after this chunk: pass it as `after` to resume exactly there.',
  })
  position!: number;

  @Field(() => Int, { description: 'The same for reasoning, and `reasoningAfter`.' })
  reasoningPosition!: number;

  @Field(() => String, { description: 'To be appended to what is there.' })
  content!: string;

  @Field(() => String, { description: 'To be appended to the reasoning that is there.' })
  reasoning!: string;
}

@ObjectType('MessageFinished', {
  description: 'The answer has ended, one way or another; nothing follows.',
})
class MessageFinishedType {
  @Field(() => MessageType, { description: 'The whole of it, with what it cost.' })
  message!: Message;
}

const MESSAGE_EVENTS = { chunk: 'MessageChunk', finished: 'MessageFinished' } as const;

export const MessageEventUnion = createUnionType({
  name: 'MessageEvent',
  description: 'What happens to an answer.',
  types: () => [MessageChunkType, MessageFinishedType] as const,
  resolveType: (event: object) => MESSAGE_EVENTS[(event as MessageEvent).kind],
});

@ObjectType('ConversationChanged', {
  description: 'A conversation was begun, renamed, or something was asked or answered in it.',
})
class ConversationChangedType {
  @Field(() => ConversationType, { description: 'As it is now.' })
  conversation!: Conversation;
}

@ObjectType('ConversationDeleted', { description: 'A conversation was deleted.' })
class ConversationDeletedType {
  @Field(() => ID, { description: 'Which one.' })
  id!: string;
}

@ObjectType('MessageChanged', { description: 'A message was added, or an answer has ended.' })
class MessageChangedType {
  @Field(() => MessageType, { description: 'As it is now.' })
  message!: Message;
}

@ObjectType('FoldersChanged', { description: 'Folders were made, renamed or deleted.' })
class FoldersChangedType {
  @Field(() => [FolderType], { description: 'As `Query.folders` gives them.' })
  folders!: readonly Folder[];
}

@ObjectType('PromptsChanged', { description: 'Prompts were kept, changed, shared or deleted.' })
class PromptsChangedType {
  @Field(() => [PromptType], { description: 'As `Query.prompts` gives them.' })
  prompts!: readonly SavedPrompt[];
}

@ObjectType('PoolChanged', { description: 'Coins were spent or added.' })
export class PoolChangedType {
  @Field(() => ViewerType, { description: 'Ask for the pool and the usage that you show.' })
  viewer!: ViewerType;
}

@ObjectType('ModelsChanged', {
  description:
    'Models were added or removed, changed their status, or what you may do with them changed.',
})
class ModelsChangedType {
  @Field(() => [ModelType], { description: 'As `Query.models` gives them.' })
  models!: readonly ModelView[];
}

@ObjectType('SiteChanged', {
  description: 'The name, the announcement, the theme or the ways to sign in have changed.',
})
class SiteChangedType {
  @Field(() => SiteType, { description: 'As `Query.site` gives it.' })
  site!: Site;
}

const VIEWER_EVENTS = {
  conversationChanged: 'ConversationChanged',
  conversationDeleted: 'ConversationDeleted',
  messageChanged: 'MessageChanged',
  poolChanged: 'PoolChanged',
  modelsChanged: 'ModelsChanged',
  foldersChanged: 'FoldersChanged',
  promptsChanged: 'PromptsChanged',
  siteChanged: 'SiteChanged',
} as const;

export const ViewerEventUnion = createUnionType({
  name: 'ViewerEvent',
  description: 'Something of yours has changed, here or elsewhere.',
  types: () =>
    [
      ConversationChangedType,
      ConversationDeletedType,
      MessageChangedType,
      PoolChangedType,
      ModelsChangedType,
      FoldersChangedType,
      PromptsChangedType,
      SiteChangedType,
    ] as const,
  resolveType: (event: object) => VIEWER_EVENTS[(event as ViewerEvent).kind],
});

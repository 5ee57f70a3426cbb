// How results are kept: entities by id, so that an event about a conversation changes every place that shows it.
import { gql } from '@urql/core';
import { type Cache, type CacheExchangeOpts, cacheExchange } from '@urql/exchange-graphcache';
import { heardText } from './heard.ts';

const embedded = () => null;

/**
 * Adds messages to a conversation whose messages are known; one that was never opened is fetched when it is. They may be
 * asked for out of order, and their ids sort by time.
 */
function addMessages(cache: Cache, conversationId: unknown, messageIds: readonly unknown[]) {
  const conversation = { __typename: 'Conversation', id: String(conversationId) };
  const held = cache.resolve(conversation, 'messages');
  if (!Array.isArray(held)) return;
  const keys = held as string[];
  const added = messageIds.map((id) => `Message:${id}`).filter((key) => !keys.includes(key));
  if (added.length > 0) cache.link(conversation, 'messages', [...keys, ...added].sort());
}

interface SentMessage {
  sendMessage?: {
    conversation: { id: string };
    userMessage: { id: string };
    assistantMessage: { id: string };
  };
}

interface SeenEvent {
  viewerEvents?: {
    __typename: string;
    models?: { name: string }[];
    folders?: { id: string }[];
    prompts?: { id: string }[];
    id?: string;
  };
}

function keepSentMessage(result: SentMessage, variables: unknown, cache: Cache) {
  if (!result.sendMessage) return;
  const { conversation, userMessage, assistantMessage } = result.sendMessage;
  const { input } = variables as { input: { conversationId?: string | null } };
  const entity = { __typename: 'Conversation', id: conversation.id };
  if (!input.conversationId && !cache.resolve(entity, 'messages')) {
    cache.link(entity, 'messages', []);
    cache.link('Query', 'conversation', { id: conversation.id }, `Conversation:${conversation.id}`);
  }
  addMessages(cache, conversation.id, [userMessage.id, assistantMessage.id]);
}

interface BegunAnswer {
  conversation: { id: string };
  userMessage?: { id: string };
  assistantMessage: { id: string };
}

function keepAnswer(begun: BegunAnswer | undefined, cache: Cache) {
  if (!begun) return;
  const { conversation, userMessage, assistantMessage } = begun;
  const ids = [userMessage?.id, assistantMessage.id].filter((id) => id !== undefined);
  addMessages(cache, conversation.id, ids);
}

function keepEvent(event: SeenEvent['viewerEvents'], cache: Cache) {
  if (event?.models) {
    const keys = event.models.map((model) => `Model:${model.name}`);
    cache.link('Query', 'models', keys);
  }
  if (event?.folders)
    cache.link(
      'Query',
      'folders',
      event.folders.map(({ id }) => `Folder:${id}`),
    );
  if (event?.prompts)
    cache.link(
      'Query',
      'prompts',
      event.prompts.map(({ id }) => `Prompt:${id}`),
    );
  if (event?.__typename === 'ConversationDeleted' && event.id) {
    cache.invalidate({ __typename: 'Conversation', id: event.id });
  }
}

interface Finished {
  message?: { id: string };
}

/** The end of an answer comes without its text: what this page has heard of it is kept in its place. */
function keepHeard({ message }: Finished, cache: Cache) {
  const text = message && heardText(message.id);
  if (text)
    cache.writeFragment(gql`fragment _ on Message { id content reasoning }`, {
      id: message.id,
      ...text,
    });
}

interface Asked {
  message?: { id: string; conversationId: string };
}

const options: Partial<CacheExchangeOpts> = {
  keys: {
    Model: (model) => String(model.name),
    Site: embedded,
    SignInWays: embedded,
    Pool: embedded,
    Usage: embedded,
    UsageCounts: embedded,
    ConversationPage: embedded,
    MessageFailure: embedded,
    SendMessagePayload: embedded,
    AnswerPayload: embedded,
    ChatSettings: embedded,
    SearchPage: embedded,
    SearchHit: embedded,
    SnippetPart: embedded,
    FoldersChanged: embedded,
    PromptsChanged: embedded,
    CreateApiKeyPayload: embedded,
    MessageChunk: embedded,
    MessageFinished: embedded,
    ConversationChanged: embedded,
    ConversationDeleted: embedded,
    MessageChanged: embedded,
    PoolChanged: embedded,
    ModelsChanged: embedded,
    SiteChanged: embedded,
    UploadRules: embedded,
  },
  possibleTypes: {
    MessageEvent: ['MessageChunk', 'MessageFinished'],
    ViewerEvent: [
      'ConversationChanged',
      'ConversationDeleted',
      'MessageChanged',
      'PoolChanged',
      'ModelsChanged',
      'FoldersChanged',
      'PromptsChanged',
      'SiteChanged',
    ],
  },
  resolvers: {
    Query: { conversation: (_parent, args) => ({ __typename: 'Conversation', id: args.id }) },
  },
  updates: {
    Mutation: {
      sendMessage: (result: SentMessage, args, cache) => keepSentMessage(result, args, cache),
      editMessage: (result: { editMessage?: BegunAnswer }, _args, cache) =>
        keepAnswer(result.editMessage, cache),
      regenerateAnswer: (result: { regenerateAnswer?: BegunAnswer }, _args, cache) =>
        keepAnswer(result.regenerateAnswer, cache),
      continueAnswer: (result: { continueAnswer?: BegunAnswer }, _args, cache) =>
        keepAnswer(result.continueAnswer, cache),
      createApiKey: (_result, _args, cache) => cache.invalidate('Query', 'viewer'),
      revokeSession: (_result, args, cache) =>
        cache.invalidate({ __typename: 'Session', id: String(args.id) }),
      revokeOtherSessions: (result: { revokeOtherSessions?: string[] }, _args, cache) => {
        for (const id of result.revokeOtherSessions ?? [])
          cache.invalidate({ __typename: 'Session', id });
      },
      deleteConversation: (_result, args, cache) =>
        cache.invalidate({ __typename: 'Conversation', id: String(args.id) }),
    },
    Query: {
      message: ({ message }: Asked, _args, cache) => {
        if (message) addMessages(cache, message.conversationId, [message.id]);
      },
    },
    MessageFinished: {
      message: (event: Finished, _args, cache) => keepHeard(event, cache),
    },
    Subscription: {
      viewerEvents: (result: SeenEvent, _args, cache) => keepEvent(result.viewerEvents, cache),
    },
  },
};

export const cache = cacheExchange(options);

import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import { type Viewer, viewer } from '../account/viewer.ts';
import { ViewerType } from '../account/viewer.type.ts';
import type { Context } from '../context.ts';
import { MessageEventUnion, PoolChangedType, ViewerEventUnion } from './events.type.ts';
import { type MessageEvent, messageStream } from './message-stream.ts';
import { type ViewerEvent, viewerEvents } from './viewer-events.ts';

interface StreamArgs {
  readonly messageId: string;
  readonly after: number;
  readonly reasoningAfter?: number | null;
}

@Resolver()
export class EventsResolver {
  @Subscription(() => MessageEventUnion, {
    description:
      'An answer as it is written: what follows `after` at once, then each piece as it comes, until it has ended.',
    subscribe: ({ args, context }) => {
      const { messageId, after, reasoningAfter } = args as StreamArgs;
      return messageStream(context as Context, messageId, {
        after,
        reasoningAfter: reasoningAfter ?? null,
      });
    },
  })
  messageStream(
    @Root() event: MessageEvent,
    @Arg('messageId', () => ID, { description: 'The answer: `assistantMessage` of sendMessage.' })
    _messageId: string,
    @Arg('after', () => Int, {
      defaultValue: 0,
      description: 'Code points of the content that you have.',
    })
    _after: number,
    @Arg('reasoningAfter', () => Int, {
      nullable: true,
      description:
        'Code points of the reasoning that you have; left out, none when `after` is 0, else all so far.',
    })
    _reasoningAfter: number | null,
  ): MessageEvent {
    return event;
  }

  @Subscription(() => ViewerEventUnion, {
    description:
      'What changes for you, in this window or another. Query anew after a lost connection.',
    subscribe: ({ context }) => viewerEvents(context as Context),
  })
  viewerEvents(@Root() event: ViewerEvent): ViewerEvent {
    return event;
  }
}

@Resolver(() => PoolChangedType)
export class PoolChangedResolver {
  @FieldResolver(() => ViewerType)
  viewer(@Ctx() ctx: Context): Viewer {
    return viewer(ctx);
  }
}

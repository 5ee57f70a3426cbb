import type { Context } from '../context.ts';
import type { Message } from './message.entity.ts';
import { ownMessage } from './own.ts';

/** Asks whoever writes this answer to stop; what was written so far stays and is paid for. Ended ones stay as they are. */
export async function stopMessage(ctx: Context, id: string): Promise<Message> {
  const message = await ownMessage(ctx, id);
  if (message.isStreaming) ctx.live.publish({ kind: 'stopAsked', message: message.id });
  return message;
}

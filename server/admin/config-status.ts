import type { ConfigStatus } from '../config/status.ts';
import { administrator, type Context } from '../context.ts';

declare module '../context.ts' {
  interface Parts {
    readonly configStatus: ConfigStatus;
  }
}

/** How the configuration of the replica that answers stands to its file. @throws Failure FORBIDDEN */
export function configStatus(ctx: Pick<Context, 'actor' | 'parts'>): ConfigStatus {
  administrator(ctx);
  return ctx.parts.configStatus;
}

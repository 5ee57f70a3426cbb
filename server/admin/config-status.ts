import type { ConfigStatus } from '../config/status.ts';
import { administrator, type Context } from '../context.ts';
import { missingThemes } from '../theme/chosen-theme.ts';

declare module '../context.ts' {
  interface Parts {
    readonly configStatus: ConfigStatus;
  }
}

export type ConfigReading = Pick<
  ConfigStatus,
  'file' | 'generation' | 'loadedAt' | 'problems' | 'warnings' | 'restartNeeded'
>;

/** How the configuration of the replica that answers stands to its file. @throws Failure FORBIDDEN */
export function configStatus(ctx: Pick<Context, 'actor' | 'config' | 'parts'>): ConfigReading {
  administrator(ctx);
  const { configStatus: status, themes } = ctx.parts;
  const warnings = [...status.warnings, ...missingThemes(ctx.config, themes), ...themes.warnings];
  return { ...status, warnings };
}

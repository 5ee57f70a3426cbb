// The configuration file as administrators see it: its text with marks instead of secrets.
import type { ConfigFile } from '../config/config-file.ts';
import { ConfigError } from '../config/problem.ts';
import type { Backup } from '../config/replace-file.ts';
import { administrator, type Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';

declare module '../context.ts' {
  interface Parts {
    /** Null for an evaluation, which has no file. */
    readonly configFile: ConfigFile | null;
  }
}

/** For whoever may edit the file, in the browser or as a program. */
export interface ConfigFileView {
  readonly path: string;
  /** Null when it can't be read as YAML, so that its secrets can't be told from the rest. */
  readonly text: string | null;
  readonly version: string;
  readonly readOnlyReason: string | null;
  readonly backups: readonly Backup[];
}

/** The one door to the editor. @throws Failure FORBIDDEN also `config_editor_off`, NOT_FOUND `no_config_file` */
export function editedFile(ctx: Pick<Context, 'actor' | 'config' | 'parts'>): ConfigFile {
  administrator(ctx);
  if (!ctx.config.app.hasEditor) {
    fail('FORBIDDEN', 'The configuration file has its editor switched off: app.config_editor.', {
      reason: 'config_editor_off',
    });
  }
  return (
    ctx.parts.configFile ??
    fail('NOT_FOUND', 'This is an evaluation, which has no configuration file.', {
      reason: 'no_config_file',
    })
  );
}

/** @throws Failure FORBIDDEN, NOT_FOUND, INVALID when there is no readable file any more */
export async function configFile(ctx: Context): Promise<ConfigFileView> {
  const file = editedFile(ctx);
  const { text, version } = await readable(file);
  return {
    path: file.path,
    text: maskedOrNull(ctx, file, text),
    version,
    readOnlyReason: await file.whyReadOnly(),
    backups: await file.backups(),
  };
}

/** The text of a backup, with marks instead of secrets; null when it is not YAML. @throws Failure FORBIDDEN, NOT_FOUND */
export async function configBackup(ctx: Context, id: string): Promise<string | null> {
  const file = editedFile(ctx);
  return maskedOrNull(ctx, file, await file.backup(id));
}

/** The file as it is now. @throws Failure INVALID when it can't be read at all */
export async function readable(file: ConfigFile): Promise<{ text: string; version: string }> {
  try {
    return await file.read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail('INVALID', error.message, { reason: 'config_unreadable' });
  }
}

function maskedOrNull(ctx: Context, file: ConfigFile, text: string): string | null {
  try {
    return file.masked(text, ctx.config);
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

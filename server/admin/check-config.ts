import type { Config } from '../config/config.ts';
import type { ConfigFile, ConfigTrial } from '../config/config-file.ts';
import { ConfigError, type ConfigProblem } from '../config/problem.ts';
import { administrator, type Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { editedFile, readable } from './config-file.ts';

const CHARACTERS_MAX = 1_000_000;

export interface ConfigCheck extends Omit<ConfigTrial, 'config'> {
  /** Whether the file is still the version that the text was made from. */
  readonly isCurrent: boolean;
  /** Addresses of those who would be administrators no longer. */
  readonly adminsLost: readonly string[];
}

/**
 * What would come of saving a text with marks.
 *
 * @param version of the file that it was made from
 * @throws Failure FORBIDDEN, NOT_FOUND, TOO_LARGE, INVALID
 */
export async function checkConfig(
  ctx: Context,
  text: string,
  version: string,
): Promise<ConfigCheck> {
  const file = editedFile(ctx);
  const before = await readable(file);
  const isCurrent = before.version === version;
  const restored = restoredText(ctx, file, text, before.text);
  if (typeof restored !== 'string') {
    return { problems: restored, warnings: [], effects: [], adminsLost: [], isCurrent };
  }
  return { ...(await tryConfig(ctx, file, restored)), isCurrent };
}

/** The text with its secrets, or why it can't have them. @throws Failure TOO_LARGE */
export function restoredText(
  ctx: Pick<Context, 'config'>,
  file: ConfigFile,
  text: string,
  before: string,
): string | readonly ConfigProblem[] {
  if (text.length > CHARACTERS_MAX) {
    fail('TOO_LARGE', `The editor takes at most ${CHARACTERS_MAX} characters.`, { param: 'text' });
  }
  try {
    return file.restored(text, before, ctx.config);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** What would come of a text that has its secrets; locking out who asks is a problem too. */
export async function tryConfig(
  ctx: Pick<Context, 'actor' | 'config'>,
  file: ConfigFile,
  text: string,
): Promise<Omit<ConfigCheck, 'isCurrent'>> {
  const { config, ...trial } = await file.try(text, ctx.config);
  if (!config) return { ...trial, adminsLost: [] };
  const adminsLost = [...ctx.config.admins].filter((email) => !config.admins.has(email));
  const lockout = lockoutOf(ctx, config);
  const place = { source: file.path, line: null, column: null, path: 'admins' };
  const problems = lockout ? [...trial.problems, { ...place, message: lockout }] : trial.problems;
  return { ...trial, problems, adminsLost };
}

/** Whoever saves stays an administrator, so there is always one. */
function lockoutOf(ctx: Pick<Context, 'actor'>, { admins }: Config): string | null {
  const { email } = administrator(ctx);
  if (email !== null && admins.has(email)) return null;
  return admins.size === 0
    ? 'nobody would be an administrator any more'
    : 'you would be an administrator no longer; have another one remove you';
}

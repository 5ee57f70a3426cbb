import { sql } from 'kysely';
import { readableReason } from '../audit/reason.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { ConfigFile } from '../config/config-file.ts';
import { versionOf } from '../config/load.ts';
import { type ConfigProblem, problemLine } from '../config/problem.ts';
import type { ConfigStatus } from '../config/status.ts';
import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { restoredText, tryConfig } from './check-config.ts';
import { editedFile, readable } from './config-file.ts';

/** Any constant will do: it names "the configuration is being replaced" among the advisory locks of the database. */
const LOCK = 5_917_204_113;
/** A file system that tells nothing of changes is looked at every five seconds. */
const FOLLOWED_MS = 10_000;

export interface SavedConfig {
  /** Of the file as it is now. */
  readonly version: string;
  /** Whether this replica uses it already. */
  readonly isInForce: boolean;
  readonly status: ConfigStatus;
}

/** What an administrator wants the file to be. */
interface Wish {
  readonly action: 'config.saved' | 'config.restored';
  /** Of the file that they have seen. */
  readonly version: string;
  readonly reason: string | null;
  /** The whole text, secrets included, or what is wrong with it. */
  textAfter(before: string): string | readonly ConfigProblem[];
}

/**
 * Replaces the file with a text in which marks stand for secrets, unless the file has changed since `version`. Comes back
 * when the new configuration is in force, or when it is known why it is not.
 *
 * @throws Failure FORBIDDEN also `config_read_only`, CONFLICT `config_changed`, INVALID `config_invalid`, TOO_LARGE
 */
export function saveConfig(
  ctx: Context,
  text: string,
  version: string,
  reason: string | null,
): Promise<SavedConfig> {
  const file = editedFile(ctx);
  return replace(ctx, file, {
    action: 'config.saved',
    version,
    reason,
    textAfter: (before) => restoredText(ctx, file, text, before),
  });
}

/** Puts a backup in the place of the file, which becomes a backup itself. @throws Failure as `saveConfig`, NOT_FOUND */
export async function restoreConfigBackup(
  ctx: Context,
  id: string,
  version: string,
  reason: string | null,
): Promise<SavedConfig> {
  const file = editedFile(ctx);
  const backup = await file.backup(id);
  return replace(ctx, file, {
    action: 'config.restored',
    version,
    reason,
    textAfter: () => backup,
  });
}

async function replace(ctx: Context, file: ConfigFile, wish: Wish): Promise<SavedConfig> {
  const readOnly = await file.whyReadOnly();
  if (readOnly) fail('FORBIDDEN', readOnly, { reason: 'config_read_only' });
  const version = await transact(ctx, async (tx) => {
    // Two administrators, at two replicas, wait for each other; the second finds another version.
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx.sql);
    const before = await readable(file);
    mustBe(wish.version, before.version);
    const text = wish.textAfter(before.text);
    if (typeof text !== 'string') return refuse(text);
    const after = versionOf(text);
    if (after === before.version) return after;
    const { problems, effects } = await tryConfig(tx, file, text);
    if (problems.length > 0) refuse(problems);
    await recordAudit(tx, {
      action: wish.action,
      subjectKind: 'config',
      subject: file.path,
      before: { version: before.version },
      after: { version: after, changes: effects.map(({ change }) => change) },
      ...(wish.reason ? { reason: readableReason(wish.reason) } : {}),
    });
    await file.replace(text, async () => mustBe(wish.version, (await readable(file)).version));
    return after;
  });
  const { configStatus: status } = ctx.parts;
  const isKnown = await status.knows(version, FOLLOWED_MS);
  return { version, isInForce: isKnown && status.problems.length === 0, status };
}

function mustBe(seen: string, found: string): void {
  if (seen === found) return;
  fail('CONFLICT', 'The file has been changed since you read it. Look at what is new first.', {
    reason: 'config_changed',
  });
}

function refuse(problems: readonly ConfigProblem[]): never {
  fail('INVALID', problems.map(problemLine).join('\n'), { reason: 'config_invalid' });
}

/** What is done on the clock, by whichever process comes first. */
import { recordRun, sweepJobRuns } from './admin/job-runs.ts';
import { rollUpCohorts } from './analytics/roll-up-cohorts.ts';
import { auditNewEntries } from './budget/audit-new-entries.ts';
import { followPolicies } from './budget/follow-policies.ts';
import { purgeConversations } from './chat/purge-conversations.ts';
import { reapTurns } from './chat/reap-turns.ts';
import type { Context } from './context.ts';
import { alone } from './db/alone.ts';
import { reapRequests } from './gateway/reap-requests.ts';
import { sweepIdempotencyKeys } from './graphql/idempotency.ts';
import { purgeHealthChanges } from './model/health-history.ts';
import { sweepSessions } from './sign-in/sessions.ts';
import { purgeUploads } from './upload/purge-uploads.ts';
import { preparePartitions } from './usage/partitions.ts';
import { rollUpUsage } from './usage/roll-up.ts';

const REAP_EVERY_MS = 10_000;
const SWEEP_EVERY_MS = 3_600_000;
const AUDIT_EVERY_MS = 600_000;
const ROLL_UP_EVERY_MS = 300_000;
const FOLLOW_EVERY_MS = 300_000;
/** Any constants will do: they name the jobs among the advisory locks of the database. */
const REAP_LOCK = 5_861_343;
const SWEEP_LOCK = 5_861_344;
const AUDIT_LOCK = 5_861_345;
const ROLL_UP_LOCK = 5_861_346;
const FOLLOW_LOCK = 5_861_347;

/** What may take minutes, as the first of its kind in a large database, ends early when the process closes. */
type Job = (ctx: Context, closing: AbortSignal) => Promise<void>;

export class Jobs {
  readonly #context: () => Context;
  readonly #databaseUrl: string;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(context: () => Context, databaseUrl: string) {
    this.#context = context;
    this.#databaseUrl = databaseUrl;
  }

  /** Runs each job now and from then on; gives what stops them, and resolves when none runs any more. */
  start(): () => Promise<void> {
    const timers = [
      this.#repeat('reaping', REAP_LOCK, REAP_EVERY_MS, async (ctx) => {
        await reapRequests(ctx);
        await reapTurns(ctx);
        await purgeConversations(ctx);
      }),
      this.#repeat('sweeping', SWEEP_LOCK, SWEEP_EVERY_MS, async (ctx) => {
        await sweepSessions(ctx);
        await sweepIdempotencyKeys(ctx);
        await purgeUploads(ctx);
        await purgeHealthChanges(ctx);
        await sweepJobRuns(ctx);
        await preparePartitions(ctx);
      }),
      this.#repeat('auditing the ledger', AUDIT_LOCK, AUDIT_EVERY_MS, auditLedger),
      this.#repeat('rolling up usage', ROLL_UP_LOCK, ROLL_UP_EVERY_MS, async (ctx, closing) => {
        await rollUpUsage(ctx, closing);
        await rollUpCohorts(ctx, closing);
      }),
      // For what changed while no process ran, and for changes that no fact told of.
      this.#repeat('following policies', FOLLOW_LOCK, FOLLOW_EVERY_MS, (ctx) =>
        followPolicies(ctx),
      ),
    ];
    return async () => {
      timers.forEach(clearInterval);
      this.#closing.abort();
      // A job that asks for a connection while the pool closes would keep it from ever being closed.
      await Promise.all(this.#running);
    };
  }

  #repeat(name: string, lock: number, everyMs: number, job: Job): NodeJS.Timeout {
    const run = () => {
      const running = this.#once({ name, lock, everyMs }, job);
      this.#running.add(running);
      void running.finally(() => this.#running.delete(running));
    };
    run();
    return setInterval(run, everyMs).unref();
  }

  async #once(
    { name, lock, everyMs }: { name: string; lock: number; everyMs: number },
    job: Job,
  ): Promise<void> {
    const ctx = this.#context();
    try {
      await alone(this.#databaseUrl, lock, () =>
        recordRun(ctx, { name, everyMs }, () => job(ctx, this.#closing.signal)),
      );
    } catch (error) {
      ctx.log.warn({ err: error }, `${name} failed; it is tried again on the clock`);
    }
  }
}

async function auditLedger(
  { sql: connection, log, parts }: Context,
  closing: AbortSignal,
): Promise<void> {
  const accounts = await auditNewEntries(connection, closing);
  parts.metrics.gauges.ledgerMismatches.set(accounts.length);
  if (accounts.length === 0) return;
  log.error({ accounts }, 'pools differ from their ledger or their reservations');
}

import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { showsToken } from '../kernel/secret.ts';
import { VERSION } from '../kernel/version.ts';

export interface Readiness {
  readonly ready: boolean;
  readonly version: string;
  readonly database: { readonly ok: boolean };
  readonly redis: { readonly ok: boolean } | null;
  readonly configuration: {
    readonly ok: boolean;
    readonly generation: number;
    /** They quote the file, and so are for those who show `api.prometheus.token`. */
    readonly warnings?: readonly string[];
  };
  readonly models: { readonly ok: boolean; readonly healthy: number; readonly total: number };
}

const DATABASE_TIMEOUT_MS = 3_000;

/**
 * Whether people can be served: the database answers and at least one model is healthy.
 *
 * @param authorization header of the request, which may show the token for more
 */
export async function readiness(
  ctx: Pick<Context, 'sql' | 'config' | 'live' | 'parts'>,
  warnings: readonly string[],
  authorization: string | undefined,
): Promise<Readiness> {
  const models = [...ctx.config.models.values()].filter((model) => !model.disabled);
  const healthy = models.filter((model) => ctx.parts.catalogue.status(model) !== 'DOWN').length;
  const token = ctx.config.api.metricsToken;
  const mayReadMore = token !== null && showsToken(authorization, token);
  const database = { ok: await databaseAnswers(ctx) };
  return {
    ready: database.ok && healthy > 0,
    version: VERSION,
    database,
    redis: ctx.config.redisUrl === null ? null : { ok: ctx.live.isConnected },
    configuration: {
      ok: warnings.length === 0,
      generation: ctx.config.generation,
      ...(mayReadMore && { warnings }),
    },
    models: { ok: healthy > 0, healthy, total: models.length },
  };
}

async function databaseAnswers(ctx: Pick<Context, 'sql'>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), DATABASE_TIMEOUT_MS);
  const answer = sql`select 1`.execute(ctx.sql).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}

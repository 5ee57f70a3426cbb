/** Monitoring systems have no account: a token shows them which models there are and whether they work. */
import { type ModelView, viewOf } from '../access/visible-models.ts';
import type { Context, Subject } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { clientAddress } from '../rate/client-address.ts';
import { spendMonitoring } from '../rate/spend.ts';
import { credentialsOf } from '../sign-in/credentials.ts';
import type { Exchange } from './completions.ts';
import { noSuchModel, sendModel, sendModels } from './models.ts';

/** @throws Failure UNAUTHENTICATED with status 403 for all but the models, RATE_LIMITED, NOT_FOUND */
export async function answerMonitoring(
  ctx: Context,
  exchange: Exchange,
  path: string,
): Promise<void> {
  const address = clientAddress(credentialsOf(exchange.request), ctx.config.app.trustedProxies);
  await spendMonitoring(ctx, address, (header, value) => {
    exchange.headers[header] = value;
  });
  if (path === '/models') return sendModels(ctx, exchange, allModels(ctx));
  if (!path.startsWith('/models/'))
    return fail('UNAUTHENTICATED', 'The monitoring token opens /v1/models and nothing else.', {
      status: 403,
      reason: 'monitoring_token',
    });
  const name = path.slice('/models/'.length);
  const model = allModels(ctx).find((known) => known.name === name);
  return model ? sendModel(ctx, exchange, model) : noSuchModel(name);
}

const NOBODY: Subject = {
  kind: 'project',
  email: null,
  slug: null,
  groups: [],
  acknowledged: new Map(),
  limit: null,
};

/** Whoever they are open to. */
const allModels = (ctx: Context): readonly ModelView[] =>
  [...ctx.config.models.values()]
    .filter(({ disabled }) => !disabled)
    .map((model) => viewOf(ctx, NOBODY, model, 'ALLOWED'))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));

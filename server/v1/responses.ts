import type { JsonObject } from '../gateway/ask.ts';
import { fail } from '../kernel/failure.ts';

/** Fields that name what a model server has kept from an earlier request. */
const KEPT = ['previous_response_id', 'conversation'];

/**
 * A model server knows all callers as one, Lumen: what it keeps for one of them, another could go on with. So each
 * request to `/v1/responses` brings its whole conversation.
 *
 * @throws Failure INVALID
 */
export function needOwnState(body: JsonObject): void {
  for (const name of KEPT) if ((body[name] ?? null) !== null) refuse(name);
  if (body.background === true) refuse('background');
  const items = Array.isArray(body.input) ? body.input : [];
  if (items.some((item) => item?.type === 'item_reference')) refuse('input');
}

const refuse = (param: string): never =>
  fail(
    'INVALID',
    'Responses are not kept between requests: send the whole conversation as input.',
    {
      reason: 'not_kept',
      param,
    },
  );

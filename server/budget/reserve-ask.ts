import type { PoolPolicy } from '../config/config.ts';
import type { Rates, Wanted } from './pool.ts';

/** The tokens of the prompt are estimated from above. */
export interface ReserveAsk extends Wanted {
  readonly requestId: string;
  readonly accountId: string;
  readonly apiKeyId: string | null;
  /** The key may not cost more than it was given; how much that is stands in the database. */
  readonly isKeyCapped: boolean;
  /** The person may not spend more in a month than they set; how much that is stands in the database. */
  readonly hasMonthlyLimit: boolean;
  readonly source: 'chat' | 'api';
  readonly model: string;
  readonly policy: PoolPolicy;
  readonly prices: Rates;
  /** Seconds of audio stand in the place of tokens. */
  readonly isTimed: boolean;
}

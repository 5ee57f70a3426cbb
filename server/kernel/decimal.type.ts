import { GraphQLScalarType } from 'graphql';
import { type Coins, formatCoins } from './coins.ts';

/** Exact numbers for the API: coin amounts are formatted here, prices come as text. What clients send, a use-case checks. */
export const Decimal = new GraphQLScalarType<never, string>({
  name: 'Decimal',
  description: 'An exact decimal number as text, with at most twelve decimal places: "9.999976".',
  serialize: (value) => (typeof value === 'bigint' ? formatCoins(value as Coins) : String(value)),
});

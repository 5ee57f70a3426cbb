import type { Outcome } from './outcome.ts';

/** For what is asked again and again: gives the newest data that there was, also while an answer is a failure. */
export function lastKnown<Data>(): (outcome: Outcome<Data>) => Data | undefined {
  let last: Data | undefined;
  return ({ data }) => {
    last = data ?? last;
    return last;
  };
}

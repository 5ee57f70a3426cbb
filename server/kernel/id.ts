import { v7, validate } from 'uuid';
import { fail } from './failure.ts';

/** A new identifier; later ones sort after earlier ones, which keeps indices compact and lists in order. */
export const newId = (): string => v7();

/** The id, if it can be one at all. @throws Failure NOT_FOUND: a malformed id names nothing */
export function asId(text: string, what: string): string {
  return validate(text) ? text.toLowerCase() : fail('NOT_FOUND', `No such ${what}.`);
}

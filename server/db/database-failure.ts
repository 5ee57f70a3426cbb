import { Failure } from '../kernel/failure.ts';
import { isTemporaryState } from './is-temporary.ts';

const NETWORK = /^E(CONN|HOST|NET|PIPE|TIMEDOUT|AI_AGAIN)/;
/** What pg says, without a code, of connections that it has lost or could not get. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;
const SQLSTATE_LENGTH = 5;
const RETRY_SECONDS = 2;

/** What a caller is told when the database was away, or would only be read; null for any other error. */
export function databaseFailure(error: unknown): Failure | null {
  if (!(error instanceof Error) || error instanceof Failure) return null;
  const { code = '' } = error as { code?: unknown };
  const isAway =
    typeof code === 'string' && code !== '' ? isAwayCode(code) : LOST.test(error.message);
  if (!isAway) return null;
  return new Failure(
    'INTERNAL',
    'The database does not answer, or keeps nothing, at the moment. Try again soon.',
    { reason: 'database_unavailable', status: 503, retryAfterSeconds: RETRY_SECONDS },
    { cause: error },
  );
}

/** What a caller is told of an error that nobody has foreseen. @param requestId leads an operator to it in the log */
export const unexplained = (error: unknown, requestId: string): Failure =>
  databaseFailure(error) ?? new Failure('INTERNAL', `Something went wrong (${requestId}).`);

const isAwayCode = (code: string): boolean =>
  NETWORK.test(code) || (code.length === SQLSTATE_LENGTH && isTemporaryState(code));

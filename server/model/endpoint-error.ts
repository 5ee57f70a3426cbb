/** What went wrong with an endpoint, in words that may be shown: no address, no key, nothing that the server said. */
import { Failure } from '../kernel/failure.ts';

const WORDS = {
  upstream_unreachable: 'It could not be reached.',
  upstream_too_slow: 'It did not answer in time.',
  upstream_broke_off: 'It broke off an answer.',
  upstream_not_an_answer: "It gave something that is not an answer of OpenAI's API.",
  upstream_refused_credentials: 'It refused the api_key of the configuration.',
  upstream_failed: 'It answered with an error of its own.',
};

export const TOO_SLOW = WORDS.upstream_too_slow;
export const MODEL_MISSING = 'It does not list the model that it is configured for.';

export function errorWords(error: unknown): string {
  if (!(error instanceof Failure)) return 'Something went wrong inside Lumen.';
  if (error.code === 'UPSTREAM_REFUSED') return `It refused with status ${error.details.status}.`;
  return WORDS[error.details.reason as keyof typeof WORDS] ?? WORDS.upstream_failed;
}

/** No request can succeed: every other one meets the same. */
const HOPELESS: readonly unknown[] = ['upstream_unreachable', 'upstream_refused_credentials'];

export const isHopeless = ({ details }: Failure): boolean => HOPELESS.includes(details.reason);

/** Whether the endpoint is to blame, rather than the request or whoever left. */
export const isEndpointsFault = (error: unknown): error is Failure =>
  error instanceof Failure && error.code === 'UPSTREAM_FAILED';

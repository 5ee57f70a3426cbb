/** How failures of model servers are told: to the person who asked in general words, to the log in detail. */
import { Failure } from '../kernel/failure.ts';

const FAILED = {
  unreachable: "The model's server could not be reached. Please try again.",
  too_slow: "The model's server did not answer in time. Please try again.",
  broke_off: "The model's server broke off its answer. Please try again.",
  not_an_answer: "The model's server gave something that is not an answer. Please try again.",
  refused_credentials:
    "The model's server refused Lumen's credentials. Please tell an administrator.",
  failed: "The model's server failed. Please try again.",
} as const;

/** UPSTREAM_FAILED with `details.reason` `upstream_<kind>`; what really happened goes to `cause`, for the log. */
export function upstreamFailure(kind: keyof typeof FAILED, cause?: unknown): Failure {
  return new Failure(
    'UPSTREAM_FAILED',
    FAILED[kind],
    { reason: `upstream_${kind}` },
    cause === undefined ? undefined : { cause },
  );
}

// What the server refuses most, in sentences that can be translated; refusal.ts says when.
import { formatMoment } from '#lib/ui/moments.ts';
import type { FailureCode } from './generated.ts';

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly reason?: string | undefined;
  /** When the budget affords it again, as ISO 8601. */
  readonly refillAt?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** By reason: finer than the code. */
const reasonTexts = (): Readonly<Record<string, string>> => ({
  access_revoked: 'Your access has ended. Sign in again.',
  account_disabled: 'This account is disabled. Ask an administrator.',
  database_unavailable: 'The database does not answer. Nothing was changed; try again in a moment.',
  key_cap_reached: 'This API key has cost all that it may.',
  model_busy: 'The model has as much to do as it can. Try again in a moment.',
  model_not_allowed: 'This model is not open to you.',
  model_not_found: 'There is no such model, or it is switched off.',
  monthly_limit_reached: 'Your own monthly limit is reached. You can change it in the settings.',
  no_budget: 'Nothing pays for this account yet. Ask an administrator.',
  no_vision: 'This model does not see images. Choose another one, or take the images out.',
  not_an_export: 'This file is not an export of Lumen’s or of ChatGPT’s.',
  upload_gone: 'A file is gone: it was not sent within a day. Add it again.',
  upload_off: 'Files can’t be uploaded here: an administrator has switched it off.',
  upload_type: 'Files of this kind can’t be read here.',
  upload_unreadable: 'This file can’t be read: it is damaged, locked or without text.',
});

const spentText = ({ refillAt }: Refusal): string =>
  refillAt
    ? `Your budget does not afford this. It will on ${formatMoment(Date.parse(refillAt))}.`
    : 'Your budget does not afford this. Ask for less, or ask an administrator.';

const limitedText = ({ retryAfterSeconds }: Refusal): string =>
  retryAfterSeconds
    ? `Too many requests. Try again in ${retryAfterSeconds} s.`
    : 'Too many requests. Try again in a moment.';

/** With the request's id, by which the log can be searched. */
const faultText = ({ message }: Refusal): string =>
  `Something went wrong ${/\([^)]*\)/.exec(message)?.[0] ?? ''}. Try again; if it happens again, tell an administrator this number.`;

const codeTexts = (refusal: Refusal): Readonly<Partial<Record<FailureCode, string>>> => ({
  ACKNOWLEDGEMENT_NEEDED: 'This model has terms that you have not accepted yet.',
  BUDGET_SPENT: spentText(refusal),
  INTERNAL: faultText(refusal),
  MODEL_UNAVAILABLE: 'The model does not answer at the moment. Try again soon.',
  NOT_FOUND: 'There is no such thing, or it is not yours.',
  RATE_LIMITED: limitedText(refusal),
  TOO_LARGE: 'This is too large.',
  UNAUTHENTICATED: 'You are signed out. Sign in again.',
  UPSTREAM_FAILED: 'The model failed. Try again.',
  UPSTREAM_REFUSED: 'The model refused this request.',
});

/** Undefined where only the server knows what to say. */
export const refusalText = (refusal: Refusal): string | undefined =>
  reasonTexts()[refusal.reason ?? ''] ?? codeTexts(refusal)[refusal.code as FailureCode];

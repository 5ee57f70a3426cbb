import { registerEnumType } from 'type-graphql';
import { FAILURES, type FailureCode } from './failure.ts';

const codes = Object.keys(FAILURES) as FailureCode[];

/** The codes as an enum of the API, so that a client's switch over them can be exhaustive. */
export const FailureCodeEnum = Object.fromEntries(codes.map((code) => [code, code])) as {
  [C in FailureCode]: C;
};

registerEnumType(FailureCodeEnum, {
  name: 'FailureCode',
  description:
    'Why something was refused or failed. Errors carry it as `extensions.code`; docs/errors.md explains each.',
  valuesConfig: {
    UNAUTHENTICATED: { description: 'Nobody is signed in, or the key opens nothing.' },
    FORBIDDEN: { description: 'Whoever asks is known, and may not.' },
    NOT_FOUND: { description: 'There is no such thing for whoever asks.' },
    INVALID: { description: 'What was sent can’t be what was meant.' },
    CONFLICT: { description: 'It can’t be together with what there is.' },
    TOO_LARGE: { description: 'It has more bytes, characters or tokens than are taken.' },
    ACKNOWLEDGEMENT_NEEDED: { description: 'The model has terms that have to be accepted first.' },
    BUDGET_SPENT: { description: 'The pool, or the cap of the key, does not afford it.' },
    RATE_LIMITED: { description: 'There were too many requests in a short time.' },
    MODEL_UNAVAILABLE: { description: 'No endpoint of the model can take it now.' },
    UPSTREAM_REFUSED: { description: 'The model server refused it.' },
    UPSTREAM_FAILED: { description: 'The model server failed.' },
    INTERNAL: { description: 'A fault of Lumen’s own.' },
  },
});

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
});

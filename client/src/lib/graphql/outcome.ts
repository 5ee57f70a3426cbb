import type { Failure } from './failure.ts';

/** What came of an operation: either its data or the reason why not. */
export type Outcome<Data> =
  | { readonly data: Data; readonly failure?: undefined }
  | { readonly data?: undefined; readonly failure: Failure };

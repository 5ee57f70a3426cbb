import type { GraphQLSchema } from 'graphql';
import type { Context } from '../context.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Documents } from './documents.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** What all transports answer from. */
export interface Api {
  readonly schema: GraphQLSchema;
  readonly trusted: TrustedDocuments;
  readonly documents: Documents;
  /** Is told how each operation went. */
  readonly metrics: Pick<Metrics, 'operated'>;
}

/** What one operation is given. */
export interface OperationContext extends Context {
  readonly requestId: string;
  /** Where it came from. */
  readonly address: string;
}

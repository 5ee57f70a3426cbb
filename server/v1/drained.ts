import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Resolves when the reader has taken what was written, or when the signal is aborted: the answer then ends by itself. */
export const drained = (response: ServerResponse, signal: AbortSignal): Promise<void> =>
  once(response, 'drain', { signal }).then(
    () => undefined,
    () => undefined,
  );

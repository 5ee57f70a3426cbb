/**
 * An async generator whose pending wait ends when its reader leaves. A plain generator would run its `finally` only
 * after whatever it awaits has settled, which for a quiet stream may be never.
 */
export function stoppable<T>(
  make: (signal: AbortSignal) => AsyncGenerator<T, void>,
): AsyncIterableIterator<T> {
  const leaving = new AbortController();
  const inner = make(leaving.signal);
  return {
    next: () => inner.next(),
    return: () => {
      leaving.abort();
      return inner.return();
    },
    throw: (error) => {
      leaving.abort();
      return inner.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

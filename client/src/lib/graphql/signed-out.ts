const listeners = new Set<() => void>();

/** Tells when the server no longer knows who asks: the session ended. Gives the way to stop listening. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellSignedOut(): void {
  for (const listener of listeners) listener();
}

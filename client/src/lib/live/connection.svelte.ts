// Whether the page's socket stands, and what must happen when it stands again.
import { onSocket } from '#lib/graphql/socket.ts';

class Connection {
  isLost = $state(false);
  /** WebSockets do not come through here: events take their place. */
  isBlocked = $state(false);
  readonly #returned = new Set<() => void>();

  constructor() {
    onSocket((event) => {
      if (event === 'closed') {
        this.isLost = true;
      } else if (event === 'blocked') {
        this.isBlocked = true;
      } else if (this.isLost) {
        this.isLost = false;
        for (const listener of this.#returned) listener();
      }
    });
  }

  /** Tells when the socket stands again after a loss: events were missed, so what is shown must be asked for anew. */
  onReturn(listener: () => void): () => void {
    this.#returned.add(listener);
    return () => this.#returned.delete(listener);
  }
}

export const connection = new Connection();

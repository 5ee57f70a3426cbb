/** An answer whose bytes pass through as they arrive, no faster than they are read. */
import { Readable } from 'node:stream';
import type { BinaryAnswer } from './delta.ts';
import type { Exchange, Receiver } from './exchange.ts';

export class PassedAnswer implements Receiver {
  private readonly pieces = new Readable({
    read: () => this.exchange?.resume(),
    destroy: (error, done) => {
      this.exchange?.close();
      done(error);
    },
  });
  private exchange: Exchange | null = null;

  constructor(
    private readonly onOpened: (answer: BinaryAnswer) => void,
    private readonly onRefused: (reason: unknown) => void,
  ) {}

  opened(exchange: Exchange): void {
    this.exchange = exchange;
    this.onOpened({ contentType: exchange.contentType, pieces: this.pieces });
  }

  piece(bytes: Buffer): void {
    if (!this.pieces.push(bytes)) this.exchange?.pause();
  }

  ended(): void {
    this.pieces.push(null);
  }

  failed(reason: unknown): void {
    if (this.exchange) this.pieces.destroy(reason as Error);
    else this.onRefused(reason);
  }
}

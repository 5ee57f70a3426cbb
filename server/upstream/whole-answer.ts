/** An answer that is wanted in one piece: its bytes are gathered and decoded once. */
import type { Exchange, Receiver } from './exchange.ts';

export class WholeAnswer implements Receiver {
  private readonly pieces: Buffer[] = [];

  constructor(
    private readonly onEnded: (text: string) => void,
    private readonly onFailed: (reason: unknown) => void,
  ) {}

  opened(_exchange: Exchange): void {}

  piece(bytes: Buffer): void {
    this.pieces.push(bytes);
  }

  ended(): void {
    const [first] = this.pieces;
    const isSingle = first !== undefined && this.pieces.length === 1;
    this.onEnded((isSingle ? first : Buffer.concat(this.pieces)).toString('utf8'));
  }

  failed(reason: unknown): void {
    this.onFailed(reason);
  }
}

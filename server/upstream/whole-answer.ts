/** An answer that is wanted in one piece: its bytes are gathered and decoded once. */
import type { Exchange, Receiver } from './exchange.ts';

export class WholeAnswer implements Receiver {
  private readonly pieces: Buffer[] = [];
  private contentType = '';

  constructor(
    private readonly onEnded: (text: string, contentType: string) => void,
    private readonly onFailed: (reason: unknown) => void,
  ) {}

  opened({ contentType }: Exchange): void {
    this.contentType = contentType;
  }

  piece(bytes: Buffer): void {
    this.pieces.push(bytes);
  }

  ended(): void {
    const [first] = this.pieces;
    const isSingle = first !== undefined && this.pieces.length === 1;
    const bytes = isSingle ? first : Buffer.concat(this.pieces);
    this.onEnded(bytes.toString('utf8'), this.contentType);
  }

  failed(reason: unknown): void {
    this.onFailed(reason);
  }
}

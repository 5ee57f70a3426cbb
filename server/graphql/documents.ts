/** What clients of sockets and event streams ask: each text is read once, and checked once, as long as it is kept. */
import { type DocumentNode, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import { DOCUMENT_TOKENS_MAX } from './limits.ts';

const KEPT_MAX = 500;
/** Of all texts together; a document takes some fifty times the memory of its text. */
const KEPT_CHARACTERS_MAX = 400_000;

export class Documents {
  readonly #kept = new LRUCache<string, DocumentNode>({
    max: KEPT_MAX,
    maxSize: KEPT_CHARACTERS_MAX,
    sizeCalculation: (_, text) => text.length + 1,
  });

  /** @throws GraphQLError for a text that is no document, or is one of too many tokens */
  read(text: string): DocumentNode {
    const kept = this.#kept.get(text);
    if (kept) return kept;
    const document = parse(text, { maxTokens: DOCUMENT_TOKENS_MAX });
    this.#kept.set(text, document);
    return document;
  }
}

/** The operations of Lumen's own page, by the hash of their text: what it may send by name. */
import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, print } from 'graphql';
import { Failure } from '../kernel/failure.ts';
import { PACKAGE_ROOT } from '../kernel/package-root.ts';

/** Written by scripts/codegen.ts, and put there by the build of the page. */
const MANIFEST = join(PACKAGE_ROOT, 'client/build/persisted-documents.json');

/** The protocol of persisted queries, of which nothing can be registered here. */
interface Named {
  readonly query?: unknown;
  readonly extensions?: { readonly persistedQuery?: unknown } | null | undefined;
}

export class TrustedDocuments {
  readonly #texts: ReadonlyMap<string, string>;
  /** Of documents that were asked about, as long as their transport keeps them. */
  readonly #verdicts = new WeakMap<DocumentNode, boolean>();

  constructor(texts: Readonly<Record<string, string>>) {
    this.#texts = new Map(Object.entries(texts));
  }

  /** Of the page that was built; none without one, as in development, where it sends texts. */
  static read(): TrustedDocuments {
    return new TrustedDocuments(
      existsSync(MANIFEST) ? JSON.parse(readFileSync(MANIFEST, 'utf8')) : {},
    );
  }

  /** Whether it is one of them, however it is laid out. */
  has(document: DocumentNode): boolean {
    if (this.#texts.size === 0) return false;
    const known = this.#verdicts.get(document);
    const verdict = known ?? this.#texts.has(hash('sha256', print(document)));
    this.#verdicts.set(document, verdict);
    return verdict;
  }

  /**
   * The text for a payload that has the name alone; null for one that says it, or has neither.
   *
   * @throws Failure NOT_FOUND for a name of another version of the page, which sends its text then
   */
  textFor({ query, extensions }: Named): string | null {
    const { sha256Hash } = { sha256Hash: null, ...(extensions?.persistedQuery ?? {}) };
    if (query || typeof sha256Hash !== 'string') return null;
    const text = this.#texts.get(sha256Hash);
    if (text !== undefined) return text;
    throw new Failure('NOT_FOUND', 'No operation of the page has this name. Send its text.', {
      reason: 'persisted_query_not_found',
    });
  }
}

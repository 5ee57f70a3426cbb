// A file of conversations, in pieces that a request can hold. It is read in a worker, and so has no words for people.

/** As they are sent; the server takes 4 MB. Small pieces show how far it has come, and are soon stored. */
const PIECE_BYTES = 1_000_000;
const CONVERSATION_BYTES_MAX = 3_900_000;
const PIECE_CONVERSATIONS_MAX = 50;

/** Whose export it is. */
export type Form = 'lumen' | 'chatgpt';

export type Unreadable = 'zip' | 'not-json' | 'not-an-export' | 'unreadable';

export interface Source {
  readonly form: Form;
  readonly conversations: readonly unknown[];
}

export interface Item {
  readonly title: string;
  readonly json: string;
}

export interface Piece {
  readonly items: readonly Item[];
  /** The titles of those that no request can hold. */
  readonly tooLong: readonly string[];
}

export function readSource(text: string): Source | Unreadable {
  if (text.startsWith('PK\u0003\u0004')) return 'zip';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'not-json';
  }
  if (Array.isArray(json)) return { form: 'chatgpt', conversations: json };
  const { form, conversations } = (json ?? {}) as Record<string, unknown>;
  if (form !== 'lumen-conversations-1' || !Array.isArray(conversations)) return 'not-an-export';
  return { form: 'lumen', conversations };
}

export function* piecesOf({ form, conversations }: Source): Generator<Piece, undefined> {
  let piece: { items: Item[]; tooLong: string[] } = { items: [], tooLong: [] };
  let bytes = 0;
  for (const conversation of conversations) {
    const item = itemOf(form, conversation);
    const size = bytesOf(item.json);
    if (size > CONVERSATION_BYTES_MAX) {
      piece.tooLong.push(item.title);
      continue;
    }
    const { length } = piece.items;
    if (length > 0 && (bytes + size > PIECE_BYTES || length === PIECE_CONVERSATIONS_MAX)) {
      yield piece;
      piece = { items: [], tooLong: [] };
      bytes = 0;
    }
    piece.items.push(item);
    bytes += size;
  }
  if (piece.items.length + piece.tooLong.length > 0) yield piece;
}

/** A whole file with these conversations, as the server reads it. */
export function fileOf(form: Form, items: readonly Item[]): string {
  const list = `[${items.map(({ json }) => json).join(',')}]`;
  return form === 'chatgpt' ? list : `{"form":"lumen-conversations-1","conversations":${list}}`;
}

function itemOf(form: Form, conversation: unknown): Item {
  const { title } = (conversation ?? {}) as { title?: unknown };
  const kept = form === 'chatgpt' ? only(READ, conversation) : conversation;
  return { title: typeof title === 'string' ? title : '', json: JSON.stringify(kept) };
}

const encoder = new TextEncoder();
/** Within a request it is a string, and its quotes are escaped. */
const bytesOf = (json: string): number => encoder.encode(JSON.stringify(json)).length;

type Shape = true | { readonly [key: string]: Shape };

/** What the server reads of an export of ChatGPT's: most of such a file is something else. */
const READ: Shape = {
  title: true,
  create_time: true,
  update_time: true,
  current_node: true,
  default_model_slug: true,
  mapping: {
    '*': {
      parent: true,
      message: {
        author: { role: true },
        create_time: true,
        content: { parts: true },
        metadata: { model_slug: true },
      },
    },
  },
};

function only(shape: Shape, value: unknown): unknown {
  if (shape === true || value === null || typeof value !== 'object' || Array.isArray(value))
    return value;
  const kept = Object.entries(value).flatMap(([key, inner]) => {
    const wanted = shape[key] ?? shape['*'];
    return wanted === undefined ? [] : [[key, only(wanted, inner)] as const];
  });
  return Object.fromEntries(kept);
}

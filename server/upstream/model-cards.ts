/** Reads the READMEs of models at Hugging Face: the only page outside that Lumen fetches for its own pages. */
import { Agent } from 'undici';
import { lookUpPublic } from './public-address.ts';

const HOST = 'huggingface.co';
const PART = /^[A-Za-z0-9][\w.-]{0,127}$/;
const BYTES_MAX = 512 * 1024;
const TIMEOUT_MS = 5_000;

/** `owner/model` when an address is that of a model at Hugging Face, else null. */
export function cardOf(url: string | null): string | null {
  const { hostname, port, username, password, protocol, pathname } = URL.parse(url ?? '') ?? {};
  if (hostname !== HOST || port || username || password) return null;
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const [owner = '', model = ''] = (pathname ?? '').slice(1).split('/');
  return PART.test(owner) && PART.test(model) ? `${owner}/${model}` : null;
}

export interface ModelCards {
  /** The README of a model as `cardOf` names it, null when it has none. Throws when it can't be had. */
  readme(card: string): Promise<string | null>;
  close(): Promise<void>;
}

/**
 * @param mirror address of a server that stands for Hugging Face, as its own programs read it from HF_ENDPOINT; it is the
 *   operator's and may be inside. Hugging Face itself must be outside.
 */
export function modelCards(mirror: string | undefined): ModelCards {
  const agent = new Agent({ allowH2: false, connect: mirror ? {} : { lookup: lookUpPublic } });
  const origin = (mirror || `https://${HOST}`).replace(/\/+$/, '');
  return {
    async readme(card) {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      // Redirects are not followed: they could lead anywhere.
      const { statusCode, body } = await agent.request({
        origin: new URL(origin).origin,
        path: `${new URL(origin).pathname.replace(/\/$/, '')}/${card}/raw/main/README.md`,
        method: 'GET',
        headers: { accept: 'text/plain', 'accept-encoding': 'identity', 'user-agent': 'lumen' },
        signal,
      });
      if (statusCode === 404) return body.dump().then(() => null);
      if (statusCode !== 200) {
        await body.dump();
        throw new Error(`${HOST} answered ${statusCode}`);
      }
      return textOf(body);
    },
    close: () => agent.destroy(),
  };
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > BYTES_MAX) throw new Error(`the README exceeds ${BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

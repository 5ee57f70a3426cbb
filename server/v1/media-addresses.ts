/** Pictures, sounds and films that a request names by their address: the model server fetches them, not Lumen. */
import type { JsonObject } from '../gateway/ask.ts';
import { fail } from '../kernel/failure.ts';
import { isInsideHost } from '../upstream/public-address.ts';

const FIELDS = ['image_url', 'video_url', 'audio_url', 'file_url'] as const;

/**
 * A model server stands where callers may not look, so nobody has it fetch from there. A name is resolved by that
 * server, and so is for its own rules to judge.
 *
 * @throws Failure INVALID
 */
export function needOutsideMedia({ messages, input }: JsonObject): void {
  for (const part of [messages, input].flatMap(partsOf)) {
    for (const field of FIELDS)
      if (isInside(part[field]))
        fail('INVALID', 'Media may be named by public http and https addresses, or sent as data.', {
          reason: 'media_address',
          param: field,
        });
  }
}

type Parts = readonly Readonly<Record<string, unknown>>[];

/** What messages and the results of tools are made of, where they are more than text. */
const partsOf = (items: unknown): Parts =>
  objectsOf(items).flatMap(({ content, output }) => [...objectsOf(content), ...objectsOf(output)]);

const objectsOf = (list: unknown): Parts =>
  Array.isArray(list) ? list.filter((each) => typeof each === 'object' && each !== null) : [];

/** What is no address at all, such as bare base64, leads nowhere. */
function isInside(named: unknown): boolean {
  const url = typeof named === 'string' ? named : objectsOf([named])[0]?.url;
  const address = typeof url === 'string' && url !== '' ? URL.parse(url) : null;
  if (!address || address.protocol === 'data:') return false;
  const isWeb = address.protocol === 'http:' || address.protocol === 'https:';
  return !isWeb || address.username !== '' || isInsideHost(address.hostname);
}

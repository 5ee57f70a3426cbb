import type { KeyTerms } from '../context.ts';

/** Where a request came from, as far as that can be known. */
export interface Origin {
  /** The other end of the connection. */
  readonly peer: string;
  /** The header X-Forwarded-For; each proxy adds at its end who asked it. */
  readonly forwardedFor: string | null;
}

const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.)/i;
const LOOPBACK = /^(127\.|::1$)/;
const PRIVATE =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/i;

/** @param trustedProxies how many proxies of our own stand in front: whatever was written before them may be made up */
export function clientAddress({ peer, forwardedFor }: Origin, trustedProxies: number): string {
  if (forwardedFor === null || trustedProxies === 0) return peer.replace(IPV4_IN_IPV6, '');
  const hops = [...forwardedFor.split(',').map((hop) => hop.trim()), peer];
  const own = hops.filter((hop) => hop !== '').slice(-1 - trustedProxies)[0] ?? peer;
  return own.replace(IPV4_IN_IPV6, '');
}

/** All that is remembered of an address. */
export function addressClass(address: string): KeyTerms['addressClass'] {
  if (LOOPBACK.test(address)) return 'loopback';
  return PRIVATE.test(address) ? 'private' : 'public';
}

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Place } from '../config/place.ts';
import { Failure } from '../kernel/failure.ts';

/**
 * Resolves with where a person on this machine finds the server, once it listens.
 *
 * @param isDebug keeps it to this machine unless the place names a host
 * @throws Failure INVALID when the place is taken or can't be had
 */
export async function listen(server: Server, place: Place, isDebug: boolean): Promise<string> {
  const host = place.host ?? (isDebug ? '127.0.0.1' : '::');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = ({ message }: Error) =>
    reject(new Failure('INVALID', `Lumen can't be where PORT and HOST say: ${message}.`));
  server.once('error', refuse);
  server.listen(place.port, host, resolve);
  await promise;
  server.off('error', refuse);
  const { port: actual } = server.address() as AddressInfo;
  const shown = host === '::' || host === '0.0.0.0' || host === '127.0.0.1' ? 'localhost' : host;
  return `http://${shown}:${actual}`;
}

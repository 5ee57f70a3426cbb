import type { IncomingMessage } from 'node:http';
import type { Config } from '../config/config.ts';
import { Failure } from '../kernel/failure.ts';

/** Programs can't accept terms; their people can, on a page whose address they are told. */
export function withPageToAccept(
  error: unknown,
  { oauth2, app }: Config,
  { headers }: IncomingMessage,
): unknown {
  if (!(error instanceof Failure) || error.code !== 'ACKNOWLEDGEMENT_NEEDED') return error;
  const path = String(error.details.page);
  const own = `${app.debug ? 'http' : 'https'}://${headers.host ?? 'localhost'}`;
  const base = oauth2?.redirectUri ?? own;
  if (!URL.canParse(path, base)) return error;
  const page = new URL(path, base).href;
  return new Failure(error.code, `${error.message} You can do so at ${page}`, error.details);
}

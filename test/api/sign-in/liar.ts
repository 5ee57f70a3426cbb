// A provider that signs whatever it is told to say, true or not; it asks nobody anything.
import {
  createHmac,
  generateKeyPairSync,
  type JsonWebKeyInput,
  type KeyObject,
  sign,
} from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Json = Record<string, unknown>;

export interface Liar {
  readonly issuer: string;
  readonly settings: Json;
  /** What the token endpoint answers next. */
  tokens: Json;
  userInfo: Json;
}

const CLIENT_SECRET = 'a-secret-of-the-test-client-that-is-long-enough';
const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

const encoded = (part: Json) => Buffer.from(JSON.stringify(part)).toString('base64url');
const jwt = (header: Json, claims: Json, signature: (text: string) => string) => {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${signature(text)}`;
};
const rsa = (key: KeyObject) => (text: string) =>
  sign('sha256', Buffer.from(text), key).toString('base64url');

const byItself = (claims: Json) => jwt({ alg: 'RS256', kid: 'own' }, claims, rsa(own.privateKey));

/** ID tokens, by how they are signed. */
export const signedAs = {
  itself: byItself,
  itsForeignKey: (claims: Json) =>
    jwt({ alg: 'RS256', kid: 'own' }, claims, rsa(foreign.privateKey)),
  anUnknownKey: (claims: Json) =>
    jwt({ alg: 'RS256', kid: 'other' }, claims, rsa(foreign.privateKey)),
  nobody: (claims: Json) => jwt({ alg: 'none' }, claims, () => ''),
  theClient: (claims: Json) =>
    jwt({ alg: 'HS256' }, claims, (text) =>
      createHmac('sha256', CLIENT_SECRET).update(text).digest('base64url'),
    ),
  itselfBeforeAChange: (claims: Json) => {
    const [header, , signature] = byItself(claims).split('.');
    return `${header}.${encoded({ ...claims, sub: 'somebody-else' })}.${signature}`;
  },
};

export async function startLiar(): Promise<Liar> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const liar: Liar = {
    issuer,
    settings: {
      client_id: 'lumen',
      client_secret: CLIENT_SECRET,
      server_metadata_url: `${issuer}/.well-known/openid-configuration`,
      scopes: 'openid email',
    },
    tokens: {},
    userInfo: {},
  };
  const key = own.publicKey.export({ format: 'jwk' }) as JsonWebKeyInput['key'];
  const says: Readonly<Record<string, () => Json>> = {
    '/.well-known/openid-configuration': () => metadata(issuer),
    '/jwks': () => ({ keys: [{ ...key, kid: 'own', alg: 'RS256', use: 'sig' }] }),
    '/token': () => liar.tokens,
    '/userinfo': () => liar.userInfo,
  };
  server.on('request', ({ url = '' }, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(says[url]?.() ?? {}));
  });
  return liar;
}

const metadata = (issuer: string): Json => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  userinfo_endpoint: `${issuer}/userinfo`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

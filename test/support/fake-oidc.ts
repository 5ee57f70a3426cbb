// An OpenID Connect provider in this process: a real one, whose people sign in without being asked anything.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface FakeOidc {
  /** What `oauth2` in config.yaml must say, but for `redirect_uri`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Who signs in next, with all claims that shall be told; null denies consent. */
  claims: Record<string, unknown> | null;
  close(): Promise<void>;
}

export async function startFakeOidc(redirectUri: string): Promise<FakeOidc> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientSecret = 'a-secret-of-the-test-client-that-is-long-enough';
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'lumen',
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [new URL('/', redirectUri).href],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'affiliation', 'member_of', 'idp', 'ou'],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_ctx: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, ...fake.claims }),
    }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    await provider.interactionFinished(
      ctx.req,
      ctx.res,
      await decision(provider, ctx, fake.claims),
    );
  });
  server.on('request', provider.callback());
  const fake: FakeOidc = {
    settings: {
      client_id: 'lumen',
      client_secret: clientSecret,
      server_metadata_url: `${issuer}/.well-known/openid-configuration`,
      scopes: 'openid email profile',
    },
    claims: null,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

type Ctx = Parameters<Parameters<Provider['use']>[0]>[0];

async function decision(
  provider: Provider,
  { req, res }: Ctx,
  claims: Record<string, unknown> | null,
) {
  if (!claims) return { error: 'access_denied', error_description: 'the test denies' };
  const { prompt, params, session } = await provider.interactionDetails(req, res);
  if (prompt.name === 'login') return { login: { accountId: String(claims.sub) } };
  const grant = new provider.Grant({
    accountId: session?.accountId as string,
    clientId: params.client_id as string,
  });
  grant.addOIDCScope('openid email profile');
  return { consent: { grantId: await grant.save() } };
}

/** The file with everything that Lumen keeps of a person: as long as it needs to be, so it is sent as it is read. */
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { needScope } from '../key/scopes.ts';
import { personalArchive } from '../personal-data/personal-archive.ts';
import { personalData } from '../personal-data/personal-data.ts';
import { spendOperation } from '../rate/spend.ts';
import { type Credentials, credentialsOf } from '../sign-in/credentials.ts';
import { isForOwnPage } from '../sign-in/same-origin.ts';
import { requestIdOf } from './request-id.ts';

interface Door {
  contextFor(
    credentials: Credentials,
    requestId: string,
  ): Promise<Context & { readonly address: string }>;
}

export function personalDataRoutes({ contextFor }: Door): Router {
  const sends =
    (ending: 'json' | 'zip', pieces: (ctx: Context) => AsyncIterable<string | Uint8Array>) =>
    async (request: Request, response: Response) => {
      if (!isForOwnPage(request.headers))
        fail('FORBIDDEN', 'Ask for your data on Lumen’s own pages.');
      const ctx = await contextFor(credentialsOf(request), requestIdOf(response));
      signedIn(ctx);
      needScope(ctx.actor, 'graphql', 'graphql:read');
      await spendOperation(ctx, (header, value) => response.set(header, value));
      response
        .type(ending)
        .set('content-disposition', `attachment; filename="lumen-data-${today()}.${ending}"`);
      // Who leaves midway has asked for no more; anything else that breaks off is seen by the file's missing end.
      await pipeline(pieces(ctx), response).catch((error) =>
        ctx.log.info({ err: error }, 'an export ended early'),
      );
    };
  const router = Router();
  router.get(
    '/account/export',
    sends('json', (ctx) => personalData(ctx)),
  );
  router.get('/account/export.zip', sends('zip', personalArchive));
  return router;
}

const today = (): string => new Date().toISOString().slice(0, 10);

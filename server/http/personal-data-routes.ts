/** The file with everything that Lumen keeps of a person: as long as it needs to be, so it is sent as it is read. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { needScope } from '../key/scopes.ts';
import { personalData } from '../personal-data/personal-data.ts';
import { spendOperation } from '../rate/spend.ts';
import { type Credentials, credentialsOf } from '../sign-in/credentials.ts';
import { requestIdOf } from './request-id.ts';

interface Door {
  contextFor(
    credentials: Credentials,
    requestId: string,
  ): Promise<Context & { readonly address: string }>;
}

export function personalDataRoutes({ contextFor }: Door): Router {
  const router = Router();
  router.get('/account/export', async (request, response) => {
    const ctx = await contextFor(credentialsOf(request), requestIdOf(response));
    signedIn(ctx);
    needScope(ctx.actor, 'graphql', 'graphql:read');
    await spendOperation(ctx, (header, value) => response.set(header, value));
    response
      .type('application/json')
      .set('cache-control', 'no-store')
      .set('content-disposition', `attachment; filename="lumen-data-${today()}.json"`);
    // Who leaves midway has asked for no more; anything else that breaks off is seen by the file's missing end.
    await pipeline(Readable.from(personalData(ctx)), response).catch((error) =>
      ctx.log.info({ err: error }, 'an export ended early'),
    );
  });
  return router;
}

const today = (): string => new Date().toISOString().slice(0, 10);

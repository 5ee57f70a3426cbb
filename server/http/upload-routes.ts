/** Files of the chat: sent as they are, because browsers show how far a plain request has come. */
import { promisify } from 'node:util';
import express, { type Request, type Response, Router } from 'express';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { type Credentials, credentialsOf } from '../sign-in/credentials.ts';
import { isForOwnPage, isSameOrigin } from '../sign-in/same-origin.ts';
import { ownBytes, ownUpload } from '../upload/own-upload.ts';
import { beginUpload, storeUpload, tooManyBytes, type Uploading } from '../upload/store-upload.ts';
import { type Upload, uploadUrl } from '../upload/upload.ts';
import { uploadName } from '../upload/upload-name.ts';
import { atPace } from './pace.ts';
import { requestIdOf } from './request-id.ts';

interface UploadDoor {
  contextFor(credentials: Credentials, requestId?: string): Promise<Context>;
}

/** Whatever the file is, a browser that opens it as a page finds nothing that it may do. */
const POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

export function uploadRoutes({ contextFor }: UploadDoor): Router {
  const contextOf = (request: Request, response: Response) =>
    contextFor(credentialsOf(request), requestIdOf(response));
  const router = Router();
  router.post('/uploads', async (request, response) => {
    if (!isSameOrigin(request.headers))
      fail('FORBIDDEN', 'Browsers may upload from Lumen’s own pages only.');
    const uploading = await beginUpload(await contextOf(request, response));
    const stored = await receive(uploading, request, response);
    response.status(201).json({ ...stored, url: uploadUrl(stored) });
  });
  router.get('/uploads/:id', async (request, response) => {
    if (!isForOwnPage(request.headers)) fail('FORBIDDEN', 'Lumen’s own pages alone show files.');
    const ctx = await contextOf(request, response);
    await send(ctx, await ownUpload(ctx, request.params.id), request, response);
  });
  return router;
}

async function receive(
  uploading: Uploading,
  request: Request,
  response: Response,
): Promise<Upload> {
  const { ctx, rules } = uploading;
  const name = uploadName(String(request.query.name ?? ''));
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > rules.bytesMax) tooManyBytes(name, declared, rules);
  const leave = ctx.parts.intake.enter(ctx.actor.accountId);
  try {
    const bytes = await bodyOf(request, response, rules.bytesMax);
    return await storeUpload(uploading, { name, bytes: bytes ?? tooManyBytes(name, null, rules) });
  } finally {
    leave();
  }
}

/** Null when there is more than may be; what comes after that is not kept. */
async function bodyOf(request: Request, response: Response, limit: number): Promise<Buffer | null> {
  // Packed bodies are refused: nobody packs files on the way, but to have them swell here.
  const read = promisify(express.raw({ type: () => true, limit, inflate: false }));
  try {
    await atPace(request, read(request, response));
  } catch (error) {
    // What was not read of the body would be taken for the next request.
    if (!request.complete) response.set('connection', 'close');
    if ((error as { status?: unknown }).status === 413) return null;
    throw error;
  }
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

async function send(
  ctx: Context,
  upload: Upload,
  request: Request,
  response: Response,
): Promise<void> {
  response.attachment(upload.name);
  response.set({
    'content-type': upload.mediaType,
    'content-security-policy': POLICY,
    // Kept by the browser, and asked for all the same: who has signed out sees it no more.
    'cache-control': 'private, no-cache',
    etag: `"${upload.id}"`,
  });
  if (request.fresh) response.status(304).end();
  else response.send(await ownBytes(ctx, upload.id));
}

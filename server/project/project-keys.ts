import type { Context } from '../context.ts';
import type { ApiKey } from '../key/api-key.entity.ts';
import { type ApiKeyWish, createApiKey, type NewApiKey } from '../key/create-api-key.ts';
import { revokeKeyOf } from '../key/revoke-api-key.ts';
import { managedProject } from './project.ts';

/** Makes a key that stands for a project and draws on its pool. @throws Failure as `managedProject` and `createApiKey` */
export async function createProjectApiKey(
  ctx: Context,
  projectId: string,
  wish: ApiKeyWish,
): Promise<NewApiKey> {
  const { id } = await managedProject(ctx, { id: projectId });
  return createApiKey(ctx, id, wish);
}

/** Ends a key of a project for good; its history stays. @throws Failure as `managedProject`, NOT_FOUND */
export async function revokeProjectApiKey(
  ctx: Context,
  projectId: string,
  keyId: string,
): Promise<ApiKey> {
  const { id } = await managedProject(ctx, { id: projectId });
  return revokeKeyOf(ctx, id, keyId);
}

import type { Context } from '../context.ts';
import type { Readme } from '../model/readmes.ts';
import { visibleModel } from './visible-models.ts';

/** The README of a model that the actor may know of; null when there is none, or it can't be had. @throws Failure UNAUTHENTICATED */
export async function modelReadme(ctx: Context, name: string): Promise<Readme | null> {
  return ctx.parts.readmes.of(visibleModel(ctx, name)?.url ?? null);
}

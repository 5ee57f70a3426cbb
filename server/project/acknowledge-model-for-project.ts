import { acknowledgeFor } from '../access/acknowledge-model.ts';
import type { ModelView } from '../access/visible-models.ts';
import type { Context } from '../context.ts';
import { managedProject } from './project.ts';

/** Accepts the terms of a model for a project, not for those who manage it. @throws Failure NOT_FOUND, INVALID */
export async function acknowledgeModelForProject(
  ctx: Context,
  projectId: string,
  model: string,
): Promise<ModelView> {
  return acknowledgeFor(ctx, await managedProject(ctx, { id: projectId }), model);
}

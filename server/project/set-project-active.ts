import { setActive } from '../account/set-active.ts';
import type { Context } from '../context.ts';
import { changedProject, managedProject, type Project } from './project.ts';

/**
 * Shuts a project out of every door, at once, or lets it in again: its keys are refused, and what runs for it is stopped
 * and settled. Nothing of it is lost.
 *
 * @throws Failure UNAUTHENTICATED, NOT_FOUND, FORBIDDEN for managers
 */
export async function setProjectActive(
  ctx: Context,
  projectId: string,
  isActive: boolean,
): Promise<Project> {
  const { id } = await managedProject(ctx, { id: projectId }, 'OWNER');
  await setActive(ctx, { id }, isActive, null);
  return changedProject(ctx, id);
}

/** Ends a project as far as its history allows: it becomes inactive. @throws Failure FORBIDDEN for all but administrators */
export async function deleteProject(ctx: Context, projectId: string): Promise<Project> {
  const { id } = await managedProject(ctx, { id: projectId }, 'ADMIN');
  return setProjectActive(ctx, id, false);
}

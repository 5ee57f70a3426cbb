import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';

/** @throws Failure FORBIDDEN when the configuration defines the group */
export function mustBeManual({ config }: Pick<Context, 'config'>, name: string): void {
  if (config.groups.get(name)?.isLocked)
    fail('FORBIDDEN', 'The configuration file defines this group: change it there.', {
      reason: 'group_locked',
      param: 'name',
    });
}

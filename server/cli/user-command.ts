import { Command } from 'commander';
import { setActive } from '../account/set-active.ts';
import { JSON_OPTION, type Output, tell } from './result.ts';
import { withStore } from './store-command.ts';

interface Options extends Output {
  readonly reason?: string;
}

export const user = (): Command =>
  new Command('user')
    .description('let people in, or shut them out')
    .addCommand(
      switching(
        'disable',
        false,
        'shut a person out of every door, at once, also while Lumen runs',
      ),
    )
    .addCommand(switching('enable', true, 'let a disabled person in again'));

function switching(name: string, isActive: boolean, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<email>', 'address of the person')
    .option('--reason <text>', 'why, for the audit trail')
    .option(...JSON_OPTION)
    .action(async (address: string, { reason, ...output }: Options) => {
      const { id, email } = await withStore((ctx) =>
        setActive(ctx, { email: address }, isActive, reason ?? null),
      );
      tell(output, { id, email, isActive }, `${email} is ${isActive ? 'enabled' : 'disabled'}.`);
    });
}

import { Command, InvalidArgumentError, Option } from 'commander';
import { ensurePerson } from '../account/ensure-person.ts';
import type { Scope } from '../context.ts';
import { createApiKey } from '../key/create-api-key.ts';
import { SCOPES } from '../key/scopes.ts';
import { JSON_OPTION, type Output, tell } from './result.ts';
import { withStore } from './store-command.ts';

interface Options extends Output {
  readonly email: string;
  readonly name: string;
  readonly expires?: Date;
  readonly scopes?: readonly Scope[];
  readonly costMax?: string;
}

export const createKey = (): Command =>
  new Command('create-key')
    .description('make an API key for a person, who is created when unknown, and print it')
    .requiredOption('--email <address>', 'whose key it is')
    .requiredOption('--name <name>', 'what to call the key')
    .option('--expires <time>', 'from when on it opens nothing, such as 2030-12-31', time)
    .addOption(new Option('--scopes <scope...>', 'what it may be used for').choices(SCOPES))
    .option('--cost-max <coins>', 'what it may cost in all')
    .option(...JSON_OPTION)
    .action(async ({ email, name, expires: expiresAt, scopes, costMax, ...output }: Options) => {
      const { apiKey, secret } = await withStore(async (ctx) =>
        createApiKey(ctx, await ensurePerson(ctx, email), { name, expiresAt, scopes, costMax }),
      );
      const { id, hint } = apiKey;
      tell(output, { id, name: apiKey.name, hint, key: secret }, secret);
    });

function time(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('Write it as 2030-12-31.');
  return date;
}

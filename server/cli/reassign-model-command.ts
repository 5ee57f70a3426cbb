import { Command } from 'commander';
import { reassignModel } from '../admin/reassign-model.ts';
import { JSON_OPTION, type Output, tell } from './result.ts';
import { withStore } from './store-command.ts';

export const reassign = (): Command =>
  new Command('reassign-model')
    .description(
      'give what was done with one model to another: conversations, answers, the request log, usage',
    )
    .argument('<from>', 'name of the model as it was')
    .argument('<to>', 'name of a model in config.yaml')
    .option(...JSON_OPTION)
    .action(async (from: string, to: string, output: Output) => {
      const counts = await withStore((ctx) => reassignModel(ctx, from, to));
      const words = Object.entries(counts).map(([name, count]) => `${name}: ${count}`);
      tell(output, { from, to, ...counts }, words.join('\n'));
    });

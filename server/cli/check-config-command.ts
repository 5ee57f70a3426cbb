import { resolve } from 'node:path';
import { Command } from 'commander';
import { parseConfig, readConfigText } from '../config/load.ts';
import { ConfigError, type ConfigProblem, problemLine } from '../config/problem.ts';
import { startupProblems } from '../config/startup.ts';
import { JSON_OPTION, type Output, tell } from './result.ts';

export const checkConfig = (): Command =>
  new Command('check-config')
    .description(
      'say whether Lumen could start with a file, with this environment; exit with 1 when it could not',
    )
    .argument('<file>', 'path of the file')
    .option(...JSON_OPTION)
    .action(async (path: string, output: Output) => {
      const { problems, warnings } = await checked(resolve(path));
      const ok = problems.length === 0;
      const words = [
        ...problems.map((problem) => `problem: ${problemLine(problem)}`),
        ...warnings.map((warning) => `warning: ${warning}`),
        ok ? `${path} can be used.` : `${path} can't be used.`,
      ];
      tell(output, { ok, problems, warnings }, words.join('\n'));
      if (!ok) process.exitCode = 1;
    });

interface Checked {
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

async function checked(file: string): Promise<Checked> {
  try {
    const text = await readConfigText(file);
    const loaded = await parseConfig(text, { file, env: process.env, generation: 1 });
    const place = { source: file, line: null, column: null, path: '' };
    const problems = startupProblems(loaded.config).map((message) => ({ ...place, message }));
    return { problems, warnings: loaded.warnings };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}

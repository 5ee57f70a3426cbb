// `npm run check`: everything that can be told about the code without running the product.
import { join } from 'node:path';
import { root, runTool } from './tool.ts';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly folder?: string;
}

// What the client's types are derived from; git doesn't keep it.
const preparations: readonly Step[] = [
  { name: 'client operations', command: ['node', join(root, 'scripts/codegen.ts')] },
  { name: 'client routes', command: ['svelte-kit', 'sync'], folder: 'client' },
];

// Two lanes for two cores, of about the same length.
const lanes: readonly (readonly Step[])[] = [
  [
    { name: 'types of the server', command: ['tsc', '--noEmit'] },
    { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
    { name: 'who imports whom', command: ['depcruise', 'server', 'client/src', 'scripts'] },
  ],
  [
    {
      name: 'types of the client',
      command: ['svelte-check', '--output', 'human', '--fail-on-warnings'],
      folder: 'client',
    },
    { name: 'nothing unused', command: ['knip'] },
  ],
];

const contract: Step = {
  name: 'contract tests',
  command: ['vitest', 'run', '--project', 'contract'],
};

async function passes(step: Step): Promise<boolean> {
  const { ok, output, seconds } = await runTool(step.command, {
    cwd: join(root, step.folder ?? '.'),
  });
  console.log(`${ok ? '✓' : '✗'} ${step.name.padEnd(20)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!ok) console.log(`${output.trimEnd()}\n`);
  return ok;
}

async function passesEach(steps: readonly Step[]): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const step of steps) results.push(await passes(step));
  return results;
}

/** Runs all checks but the contract tests and tells how many passed and failed. */
export async function checkCode(): Promise<{ passed: number; failed: number }> {
  const results = await passesEach(preparations);
  results.push(...(await Promise.all(lanes.map(passesEach))).flat());
  const passed = results.filter((ok) => ok).length;
  return { passed, failed: results.length - passed };
}

if (import.meta.main) {
  const { failed } = await checkCode();
  const kept = await passes(contract);
  if (failed > 0 || !kept) process.exitCode = 1;
}

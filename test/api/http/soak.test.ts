import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = new URL('../../..', import.meta.url);

test('R26 after everything that people do, open files and database connections are as many as before', async () => {
  const script = ['bench/soak.ts', '--minutes', '0.1', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: ROOT });
  const figures = JSON.parse(stdout) as Record<string, number>;
  expect(figures.rounds).toBeGreaterThan(0);
  expect(figures['files after']).toBeLessThanOrEqual(figures['files before'] ?? 0);
  expect(figures['connections after']).toBeLessThanOrEqual(figures['connections before'] ?? 0);
  // It may take twice as much as it did, and not ten times: what it takes at all depends on the machine.
  expect(figures['MB at last']).toBeLessThan(2 * (figures['MB at first'] ?? 0));
}, 300_000);

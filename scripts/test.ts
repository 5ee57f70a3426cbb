// `npm test`: builds, checks, then runs every test once. Its last line counts everything.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../test/support/programs.ts';
import { checkCode } from './check.ts';
import { runTool } from './tool.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of Vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** Failed tests, and files that failed without one: they didn't load, or their set-up threw. */
function failuresIn({ testResults }: Report): number {
  const failed = testResults.map(({ status, assertionResults }) => {
    const tests = assertionResults.filter((result) => result.status === 'failed').length;
    return tests || (status === 'failed' ? 1 : 0);
  });
  return failed.reduce((sum, count) => sum + count, 0);
}

/** Builds the product, and weighs what browsers load of it; gives how many of the two failed. */
async function buildProduct(): Promise<number> {
  const built = await runTool(['node', 'scripts/build.ts', '--if-stale'], { stdio: 'inherit' });
  if (!built.ok) return 1;
  const weighed = await runTool(['node', 'scripts/client-weight.ts'], { stdio: 'inherit' });
  return weighed.ok ? 0 : 1;
}

async function runTests(projects: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'lumen-report-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { ok } = await runTool(['vitest', 'run', ...projects, ...reporters], {
      stdio: 'inherit',
    });
    const report: Report = JSON.parse(readFileSync(file, 'utf8'));
    // Vitest can also fail as a whole, for example by a rejection that nobody handled.
    const failed = failuresIn(report) || (ok ? 0 : 1);
    const skipped = report.numPendingTests + report.numTodoTests;
    return { passed: report.numPassedTests, failed, skipped };
  } catch (error) {
    console.error('Vitest gave no report.', error);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Tests in a browser that can't run here still count: as skipped. */
async function countBrowserTests(): Promise<number> {
  const { output } = await runTool(['vitest', 'list', '--project=e2e']);
  return output.split('\n').filter((line) => line.startsWith('[e2e]')).length;
}

const chromium = findChromium();
const unbuilt = await buildProduct();
const code = await checkCode();
const tests = await runTests(chromium ? [] : ['--project=!e2e']);
const notRun = chromium ? 0 : await countBrowserTests();
if (!chromium) {
  console.log(`No Chromium on this machine: ${notRun} tests in a browser were skipped.`);
  console.log('To run them: apt-get install chromium, or set CHROMIUM to its path.');
}

const passed = code.passed + tests.passed;
const failed = unbuilt + code.failed + tests.failed;
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed, ${tests.skipped + notRun} skipped`);

// Runs the command-line tools of node_modules for the other scripts.
import { type SpawnOptions, spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..');

// Also when a script is started without npm, tools and their shebangs find the Node of package.json.
const env = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
};

export interface ToolResult {
  readonly ok: boolean;
  /** What the tool wrote to both of its outputs. */
  readonly output: string;
  readonly seconds: number;
}

/** Starts a tool without waiting for it. */
export function startTool(command: readonly string[], options: SpawnOptions = {}) {
  const [name = '', ...args] = command;
  return spawn(name, args, {
    cwd: root,
    stdio: 'inherit',
    ...options,
    env: { ...env, ...options.env },
  });
}

/** Runs a tool to its end; a tool that fails or can't be started is a result, not an exception. */
export function runTool(
  command: readonly string[],
  options: SpawnOptions = {},
): Promise<ToolResult> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const add = (text: string) => {
      output += text;
    };
    const finish = (ok: boolean) =>
      resolve({ ok, output, seconds: (performance.now() - startedAt) / 1000 });
    const child = startTool(command, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    child.stdout?.setEncoding('utf8').on('data', add);
    child.stderr?.setEncoding('utf8').on('data', add);
    child.on('error', (error) => {
      add(`${error.message}\n`);
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}

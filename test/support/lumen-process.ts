// A Lumen in a process of its own, for tests of how processes end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { configFor } from './app.ts';
import type { FakeModel } from './fake-model.ts';

const ROOT = new URL('../..', import.meta.url);

export class LumenProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Starts `server/main.ts` over this database; it is gone when the test ends. */
  static async start(model: FakeModel, databaseUrl: string): Promise<LumenProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'lumen-process-'));
    const file = join(folder, 'config.yaml');
    await writeFile(file, stringify(configFor(model)));
    const child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...process.env,
        PORT: '0',
        CONFIG_YAML: file,
        LUMEN_DATA_DIR: join(folder, 'data'),
        DATABASE_URL: databaseUrl,
        REDIS_URL: '',
      },
    });
    onTestFinished(async () => {
      await ended(child, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    });
    return new LumenProcess(await shownAddress(child), child);
  }

  /** Sends the signal and waits for the end; gives the exit code, null when the signal itself ended it. */
  ends(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    return ended(this.#child, signal);
  }
}

async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}

async function shownAddress(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('its output is not read');
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('Lumen did not start');
}

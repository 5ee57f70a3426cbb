/** Where this process runs: what the environment says, and the file can't. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '../kernel/failure.ts';
import type { Env } from './interpolate.ts';

export interface Place {
  readonly port: number;
  /** Null leaves it to the configuration: this machine only while `app.debug` is on. */
  readonly host: string | null;
  /** Absolute path of the folder for everything that Lumen keeps. */
  readonly dataDir: string;
  /** Absolute path of the configuration; null when there is none, which means evaluation. */
  readonly configFile: string | null;
}

const PORT = 5000;

/** @throws Failure INVALID for a port that is none, and when the file that CONFIG_YAML names is not there */
export function placeFrom(env: Env): Place {
  return {
    port: portFrom(env.PORT),
    host: env.HOST || null,
    dataDir: resolve(env.LUMEN_DATA_DIR || 'data'),
    configFile: configFileFrom(env.CONFIG_YAML),
  };
}

function portFrom(text: string | undefined): number {
  if (!text) return PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  return fail('INVALID', `PORT is "${text}": set it to a number from 1 to 65535.`);
}

function configFileFrom(named: string | undefined): string | null {
  const file = resolve(named || 'config.yaml');
  if (existsSync(file)) return file;
  if (!named) return null;
  return fail('INVALID', `CONFIG_YAML names ${file}, which is not there.`);
}

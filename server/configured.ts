/** The configuration that a process starts with, from the file or for an evaluation. */
import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { evaluationConfig } from './config/evaluation.ts';
import type { Env } from './config/interpolate.ts';
import { loadConfig } from './config/load.ts';
import type { Place } from './config/place.ts';
import { keptSecrets } from './config/secrets.ts';
import { startupProblems } from './config/startup.ts';
import { fail } from './kernel/failure.ts';
import { startEchoServer } from './upstream/echo-server.ts';

export interface Configured {
  readonly config: Config;
  close(): Promise<void>;
}

/** @throws ConfigError, or Failure INVALID when Lumen must not start with this configuration */
export async function configure(
  { configFile, dataDir }: Place,
  env: Env,
  log: Logger,
): Promise<Configured> {
  if (configFile === null) return forEvaluation(dataDir, env);
  const config = await loadConfig({ file: configFile, env, log, dataDir, generation: 1 });
  const problems = startupProblems(config);
  if (problems.length > 0)
    fail(
      'INVALID',
      `Lumen can't start with ${configFile}:\n${problems.map((p) => `- ${p}`).join('\n')}`,
    );
  return { config, close: async () => undefined };
}

async function forEvaluation(dataDir: string, env: Env): Promise<Configured> {
  const echo = await startEchoServer();
  return {
    config: evaluationConfig({ echoUrl: echo.url, secrets: await keptSecrets(dataDir), env }),
    close: () => echo.close(),
  };
}

/** For a command, which needs no model server. */
export async function configureCommand(
  { configFile, dataDir }: Place,
  env: Env,
  log: Logger,
): Promise<Config> {
  if (configFile !== null)
    return loadConfig({ file: configFile, env, log, dataDir, generation: 1 });
  return evaluationConfig({
    echoUrl: 'http://127.0.0.1:9/v1',
    secrets: await keptSecrets(dataDir),
    env,
  });
}

import type { Logger } from 'pino';
import type { Env } from './config/interpolate.ts';
import type { Place } from './config/place.ts';
import { watchConfig } from './config/watch.ts';
import type { Contexts } from './contexts.ts';

export interface Following {
  /** Why the file can't be used as it is now; empty when it is in force. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** Puts each good save of the file in force, as a whole: requests that run keep what they began with. */
export async function followConfig(
  contexts: Contexts,
  { place: { configFile, dataDir }, env, log }: { place: Place; env: Env; log: Logger },
): Promise<Following> {
  if (configFile === null) return { warnings: [], close: async () => undefined };
  const following = { warnings: [] as readonly string[] };
  const watch = await watchConfig({
    file: configFile,
    env,
    log,
    dataDir,
    initial: contexts.config,
    onConfig: (config) => {
      const { live, parts } = contexts.context();
      contexts.config = config;
      following.warnings = [];
      live.publish({ kind: 'modelsChanged' });
      parts.catalogue
        .watch(config.models)
        .catch((error) => log.error({ err: error }, 'new endpoints could not be probed'));
    },
    onProblem: (problems) => {
      following.warnings = problems.map(({ message }) => message);
    },
  });
  return Object.assign(following, { close: () => watch.close() });
}

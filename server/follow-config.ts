import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { site } from './account/site.ts';
import type { Env } from './config/interpolate.ts';
import type { Place } from './config/place.ts';
import { watchConfig } from './config/watch.ts';
import type { Contexts } from './contexts.ts';
import { followLevel } from './logger.ts';

/** Puts each good save of the file in force, as a whole: requests that run keep what they began with. */
export async function followConfig(
  contexts: Contexts,
  { place: { configFile, dataDir }, env, log }: { place: Place; env: Env; log: Logger },
): Promise<() => Promise<void>> {
  if (configFile === null) return async () => undefined;
  const { live, parts } = contexts.context();
  const { configStatus } = parts;
  const watch = await watchConfig({
    file: configFile,
    env,
    log,
    dataDir,
    initial: contexts.file,
    onConfig: (config) => {
      const isSameSite = isDeepStrictEqual(site({ config: contexts.file }), site({ config }));
      contexts.file = config;
      followLevel(log, env, config);
      configStatus.loaded(config);
      live.publish({ kind: 'modelsChanged' });
      if (!isSameSite) live.publish({ kind: 'siteChanged' });
      parts.catalogue
        .watch(config)
        .catch((error) => log.error({ err: error }, 'new endpoints could not be probed'));
    },
    onReport: (report) => configStatus.reported(report),
    onProblem: (problems) => configStatus.refused(problems),
  });
  return () => watch.close();
}

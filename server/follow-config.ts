import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import type { Env } from './config/interpolate.ts';
import type { Place } from './config/place.ts';
import { watchConfig } from './config/watch.ts';
import type { Contexts } from './contexts.ts';
import { followLevel } from './logger.ts';
import { missingThemes } from './theme/chosen-theme.ts';

/** Puts each good save of the file in force, as a whole: requests that run keep what they began with. */
export async function followConfig(
  contexts: Contexts,
  { place: { configFile, dataDir }, env, log }: { place: Place; env: Env; log: Logger },
): Promise<() => Promise<void>> {
  if (configFile === null) return async () => undefined;
  const { live, parts } = contexts.context();
  const { configStatus } = parts;
  const followThemes = (config: Config) => {
    parts.themes.follow(config.app.theme);
    for (const missing of missingThemes(config, parts.themes)) log.warn(missing);
  };
  followThemes(contexts.file);
  const watch = await watchConfig({
    file: configFile,
    env,
    log,
    dataDir,
    initial: contexts.file,
    onConfig: (config) => {
      const isSameSite = isDeepStrictEqual(contexts.file.app, config.app);
      contexts.file = config;
      followLevel(log, env, config);
      configStatus.loaded(config);
      followThemes(config);
      live.publish({ kind: 'modelsChanged' });
      if (!isSameSite) live.publish({ kind: 'siteChanged' });
      parts.catalogue
        .watch(config)
        .catch((error) => log.error({ err: error }, 'new endpoints could not be probed'));
    },
    onReport: (report) => configStatus.reported(report),
    onProblem: (problems, version) => configStatus.refused(problems, version),
  });
  return () => watch.close();
}

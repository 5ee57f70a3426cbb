import { basename } from 'node:path';
import { readConfigText } from '../config/load.ts';
import { isMapping, readYaml } from '../config/yaml-file.ts';
import type { Context } from '../context.ts';

/** Where the configuration file defines a group now, as `config.yaml:12`; null when it does not, or can't be read. */
export async function definedAt(
  { config: { file } }: Pick<Context, 'config'>,
  group: string,
): Promise<string | null> {
  if (file === null) return null;
  try {
    const yaml = readYaml(await readConfigText(file), file);
    const { groups } = yaml.data;
    if (!isMapping(groups) || !Object.hasOwn(groups, group)) return null;
    return `${basename(file)}:${yaml.placeOf(['groups', group]).line}`;
  } catch {
    // What is in force was read from the file before somebody broke it.
    return null;
  }
}

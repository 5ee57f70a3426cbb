// Themes of a test's own, beside its config.yaml.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestApp } from './app.ts';

type Files = Readonly<Record<string, string | Buffer>>;

/** Writes files of one theme, each at once and as a whole. */
export async function savesTheme(
  { configFile }: Pick<TestApp, 'configFile'>,
  name: string,
  files: Files,
): Promise<void> {
  const folder = join(dirname(configFile), 'themes', name);
  await mkdir(folder, { recursive: true });
  for (const [path, bytes] of Object.entries(files)) {
    await writeFile(join(folder, `${path}.new`), bytes);
    await rename(join(folder, `${path}.new`), join(folder, path));
  }
}

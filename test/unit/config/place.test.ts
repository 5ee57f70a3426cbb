// Where Lumen runs (D-24, D-29).
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { placeFrom } from '../../../server/config/place.ts';

test('D-24: the port is 5000 unless PORT says another', () => {
  expect(placeFrom({}).port).toBe(5000);
  expect(placeFrom({ PORT: '' }).port).toBe(5000);
  expect(placeFrom({ PORT: '8080' }).port).toBe(8080);
});

test.each(['http', '-1', '65536', '1.5'])('D-24: PORT=%s is refused by name', (port) => {
  expect(() => placeFrom({ PORT: port })).toThrow(`PORT is "${port}"`);
});

test('D-29: the configuration is where CONFIG_YAML says, and it must be there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-place-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'lumen.yaml');
  expect(() => placeFrom({ CONFIG_YAML: file })).toThrow(`${file}, which is not there`);
  await writeFile(file, '');
  expect(placeFrom({ CONFIG_YAML: file })).toMatchObject({
    configFile: file,
    dataDir: resolve('data'),
  });
});

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { missingEntries } from '../../scripts/complete-lock.ts';

test('the lock file names every platform, so that npm ci takes it (else: node scripts/complete-lock.ts)', async () => {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  expect(Object.keys(missingEntries(lock))).toEqual([]);
});

/** Below these, each has a hole that is known by a number. */
const FLOORS = {
  '@apollo/server': '5.5.1',
  graphql: '16.12.0',
  'graphql-ws': '6.0.6',
  ws: '8.18.3',
  undici: '7.18.0',
  express: '5.2.0',
  'body-parser': '2.2.1',
  'path-to-regexp': '8.4.0',
  qs: '6.14.2',
  multer: '2.2.0',
  '@mikro-orm/core': '7.0.6',
  '@mikro-orm/sql': '7.0.6',
  '@mikro-orm/postgresql': '7.0.6',
  svelte: '5.55.7',
  '@sveltejs/kit': '2.57.1',
  devalue: '5.6.4',
  'openid-client': '6.8.0',
  jose: '6.0.0',
};

test('nothing is installed, however deep, that is older than the version that closed its known holes', async () => {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  const installed = Object.entries(packages);
  const isOlder = (version: string, floor: string) =>
    version.localeCompare(floor, 'en', { numeric: true }) < 0;
  const tooOld = Object.entries(FLOORS).flatMap(([name, floor]) =>
    installed
      .filter(
        ([path, { version }]) =>
          `/${path}`.endsWith(`/node_modules/${name}`) && isOlder(version, floor),
      )
      .map(([path, { version }]) => `${path} is ${version}, and has to be ${floor}`),
  );
  expect(tooOld).toEqual([]);
  expect(installed.map(([path]) => path)).toContain('node_modules/undici');
});

test('what is locked is one version each, with its checksum, and from nowhere but a registry', async () => {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<
      Record<string, { integrity?: string; resolved?: string; optional?: boolean; os?: unknown }>
    >;
  };
  const { '': root, ...installed } = packages;
  const asked = Object.values(root ?? {}).flatMap((part) =>
    part && typeof part === 'object' ? Object.entries(part) : [],
  );
  const loose = asked.filter(([, version]) => /^[\^~*]|:|latest/.test(String(version)));
  expect(loose).toEqual([]);
  for (const [path, { integrity, resolved, optional, os }] of Object.entries(installed)) {
    // The registry of whoever locked it may lack binaries of other platforms: those have no checksum.
    if (!(optional && os)) expect(integrity, path).toMatch(/^sha512-/);
    expect(resolved ?? 'https:', path).toMatch(/^https:/);
  }
});

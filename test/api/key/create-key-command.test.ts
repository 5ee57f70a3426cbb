import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';

const ROOT = new URL('../../..', import.meta.url);

test('the command line makes a key with an end, scopes and a cap', async () => {
  const app = await testApp();
  const limits = [
    '--expires',
    '2199-12-31',
    '--scopes',
    'chat',
    'graphql:read',
    '--cost-max',
    '2.5',
  ];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'server/lumen.ts', 'create-key', '--email', 'ada@example.org'].concat(
      '--name',
      'script',
      ...limits,
    ),
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        CONFIG_YAML: app.configFile,
        DATABASE_URL: app.databaseUrl,
        REDIS_URL: '',
      },
    },
  );
  const [key, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect([code, key]).toEqual([0, expect.stringMatching(/^sk_[\w-]{43}\n$/)]);
  const ada = await app.person('ada@example.org');
  expect(await ada.asks('{ viewer { apiKeys { name scopes costMax expiresAt } } }')).toEqual({
    viewer: {
      apiKeys: [
        {
          name: 'script',
          scopes: ['CHAT', 'GRAPHQL_READ'],
          costMax: '2.5',
          expiresAt: '2199-12-31T00:00:00.000Z',
        },
      ],
    },
  });
});

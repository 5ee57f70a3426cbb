import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Cruise {
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
}

/** Applies the law to a tree of its own and gives a line for each breach. */
async function breachesOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const tree = await mkdtemp(join(tmpdir(), 'lumen-imports-'));
  try {
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
    const all = { 'tsconfig.json': '{ "compilerOptions": { "module": "nodenext" } }', ...files };
    for (const [path, text] of Object.entries(all)) {
      await mkdir(join(tree, dirname(path)), { recursive: true });
      await writeFile(join(tree, path), text);
    }
    const { summary } = await cruise(tree);
    return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
  } finally {
    await rm(tree, { recursive: true });
  }
}

function cruise(tree: string): Promise<Cruise> {
  const program = join(root, 'node_modules/.bin/depcruise');
  const config = join(root, '.dependency-cruiser.cjs');
  const args = ['--config', config, '--output-type', 'json', '.'];
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: tree }, (error, stdout) => {
      if (stdout) resolve(JSON.parse(stdout));
      else reject(error);
    });
  });
}

test('the import law lets a folder look left', async () => {
  const breaches = await breachesOf({
    'server/kernel/coins.ts': 'export const coins = 1;',
    'server/budget/reserve.ts':
      "import { coins } from '../kernel/coins.ts';\nexport const reserve = coins;",
    'server/graphql/schema.ts': "import '../budget/budget.resolver.ts';",
    'server/budget/budget.resolver.ts':
      "import 'type-graphql';\nimport './reserve.ts';\nimport './pool.type.ts';",
    'server/budget/pool.type.ts': "import 'type-graphql';",
    'client/src/lib/ui/gauge.ts': 'export const gauge = 1;',
    'client/src/lib/budget/pool.ts': "import '../ui/gauge.ts';",
    'client/src/routes/page.ts': "import '../lib/budget/pool.ts';",
  });
  expect(breaches).toEqual([]);
});

test('the import law catches each kind of breach', async () => {
  const breaches = await breachesOf({
    'server/kernel/coins.ts': "import '../chat/title.ts';",
    'server/chat/title.ts': "import type { Ask } from '../context.ts';\nexport type Title = Ask;",
    'server/context.ts': "import type { Title } from './chat/title.ts';\nexport type Ask = Title;",
    'server/odd/thing.ts': "import '../kernel/coins.ts';",
    'server/app.ts': "import './main.ts';\nimport './budget/budget.resolver.ts';",
    'server/main.ts': 'export {};',
    'server/budget/budget.resolver.ts': 'export {};',
    'server/budget/pool.type.ts': 'export {};',
    'server/budget/reserve.ts': "import 'express';\nimport './pool.type.ts';\nimport './gone.ts';",
    'server/gateway/complete.ts': "import 'undici';",
    'server/http/server.ts':
      "import '../../client/src/lib/ui/gauge.ts';\nimport '../../test/sample.ts';",
    'test/sample.ts': 'export {};',
    'client/src/lib/ui/gauge.ts': "import '../graphql/client.ts';",
    'client/src/lib/graphql/client.ts': "import '../chat/turn.ts';",
    'client/src/lib/chat/turn.ts':
      "import '../../routes/page.ts';\nimport '../../../../server/odd/thing.ts';",
    'client/src/lib/usage/chart.ts': "import '../chat/turn.ts';",
    'client/src/routes/page.ts': 'export {};',
  });
  expect(breaches.map((breach) => breach.replace(/-> .*node_modules/, '-> node_modules'))).toEqual([
    'api-types-stay-at-the-door: server/budget/reserve.ts -> server/budget/pool.type.ts',
    'app-looks-left: server/app.ts -> server/main.ts',
    'client-features-stand-apart: client/src/lib/usage/chart.ts -> client/src/lib/chat/turn.ts',
    'client-ground-knows-no-feature: client/src/lib/graphql/client.ts -> client/src/lib/chat/turn.ts',
    'client-knows-no-server: client/src/lib/chat/turn.ts -> server/odd/thing.ts',
    'client-lib-knows-no-pages: client/src/lib/chat/turn.ts -> client/src/routes/page.ts',
    'context-looks-left: server/context.ts -> server/chat/title.ts',
    'every-place-has-its-rank: server/odd/thing.ts -> server/kernel/coins.ts',
    'kernel-looks-left: server/kernel/coins.ts -> server/chat/title.ts',
    'no-cycles: server/chat/title.ts -> server/context.ts',
    'no-transport-in-the-core: server/budget/reserve.ts -> node_modules/express/index.js',
    'nothing-imports-the-entries: server/app.ts -> server/main.ts',
    'only-the-schema-knows-resolvers: server/app.ts -> server/budget/budget.resolver.ts',
    'only-two-call-other-machines: server/gateway/complete.ts -> node_modules/undici/index.js',
    'product-knows-no-tests: server/http/server.ts -> test/sample.ts',
    'resolves: server/budget/reserve.ts -> ./gone.ts',
    'server-knows-no-client: server/http/server.ts -> client/src/lib/ui/gauge.ts',
    'ui-takes-plain-values: client/src/lib/ui/gauge.ts -> client/src/lib/graphql/client.ts',
  ]);
});

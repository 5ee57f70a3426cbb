// `npm run dev`: the server and the client, each reloading when its files change. Both end together.
import type { SpawnOptions } from 'node:child_process';
import { join } from 'node:path';
import { root, runTool, startTool } from './tool.ts';

const generated = await runTool(['node', join(root, 'scripts/codegen.ts')]);
if (!generated.ok) console.error(generated.output);

const port = process.env.PORT ?? '5000';
console.log(`
  client, reloading   http://localhost:5173
  server              http://localhost:${port}

  Changed a .graphql file? Run: npm run codegen
`);

// In groups of their own and without the keyboard: Ctrl-C reaches them once, through this process.
const own = { detached: true, stdio: ['ignore', 'inherit', 'inherit'] } satisfies SpawnOptions;
const children = [
  startTool(['tsx', 'watch', '--clear-screen=false', 'server/main.ts'], {
    ...own,
    env: { PORT: port },
  }),
  startTool(['vite', 'dev', '--port', '5173', '--strictPort', '--clearScreen', 'false'], {
    ...own,
    cwd: join(root, 'client'),
    env: { LUMEN_DEV_SERVER: `http://localhost:${port}` },
  }),
];

let isEnding = false;
function endAll() {
  if (isEnding) return;
  isEnding = true;
  for (const child of children) child.kill('SIGTERM');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endAll);
for (const child of children) {
  child.on('exit', (code) => {
    if (!isEnding) process.exitCode = code ?? 1;
    endAll();
  });
}

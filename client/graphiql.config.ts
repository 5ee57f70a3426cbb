import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// A page of its own, so that nothing of it weighs on Lumen's: the server writes its HTML (server/http/graphiql.ts) and
// loads the two files whose names stay. The others are kept by browsers for good.
export default defineConfig({
  root: join(import.meta.dirname, 'graphiql'),
  base: '/graphiql/',
  publicDir: false,
  build: {
    outDir: '../build/graphiql',
    assetsDir: 'immutable',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: {
      input: 'main.ts',
      output: { entryFileNames: 'graphiql.js', assetFileNames: assetName },
    },
  },
  worker: { format: 'es' },
  plugins: [compressed()],
});

function assetName({ names }: { readonly names: readonly string[] }): string {
  return names.includes('main.css') ? 'graphiql.css' : 'immutable/[name]-[hash][extname]';
}

/** Six megabytes become one and a half. */
function compressed(): Plugin {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 6 };
  return {
    name: 'compressed',
    writeBundle: ({ dir = '' }, bundle) => {
      for (const name of Object.keys(bundle).filter((each) => /\.(js|css)$/.test(each))) {
        const file = join(dir, name);
        writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file), { params }));
      }
    },
  };
}

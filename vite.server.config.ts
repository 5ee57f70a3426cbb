import { globSync } from 'node:fs';
import { defineConfig } from 'vite';

const migrations = globSync('migrations/*.ts').map((path) => [path.replace('.ts', ''), path]);

// The server's production build. Packages stay outside, so that stack traces and `npm ls` tell the
// truth. Never minified, and class names kept: MikroORM and type-graphql read them at run time.
export default defineConfig({
  publicDir: false,
  ssr: { external: true },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist',
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        main: 'server/main.ts',
        lumen: 'server/lumen.ts',
        'read-document': 'server/upload/read-document.ts',
        ...Object.fromEntries(migrations),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name].js', keepNames: true },
    },
  },
});

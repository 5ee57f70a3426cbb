import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// One file that holds its script, and a policy that lets it run that script and load nothing: it draws what models wrote
// (docs/decisions/0026-diagrams-are-drawn-in-a-page-of-their-own.md). The server serves it as /diagram.
export default defineConfig({
  publicDir: false,
  plugins: [onePage()],
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: 'build',
    emptyOutDir: false,
    target: 'es2023',
    chunkSizeWarningLimit: 10_000,
    lib: { entry: 'diagram/draw.ts', formats: ['iife'], name: 'diagram', fileName: 'diagram' },
  },
  root: import.meta.dirname,
});

function onePage(): Plugin {
  return {
    name: 'one-page',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const [chunk, ...more] = Object.values(bundle);
      if (chunk?.type !== 'chunk' || more.length > 0) throw new Error('a diagram needs one script');
      delete bundle[chunk.fileName];
      const page = pageOf(inline(chunk.code));
      this.emitFile({ type: 'asset', fileName: 'diagram.html', source: page });
      this.emitFile({ type: 'asset', fileName: 'diagram.html.gz', source: gzipSync(page) });
    },
  };
}

/** No text of the script may end it, or begin a comment of HTML. */
const inline = (code: string) => code.replace(/<(?=!--|\/?script)/gi, '\\x3c').trim();

function pageOf(script: string): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash('sha256', script, 'base64')}'`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="content-security-policy" content="${policy}">
    <meta name="color-scheme" content="light dark">
    <title>Diagram</title>
    <style>
      body { margin: 0; overflow: hidden; }
      body > div { display: grid; justify-items: center; }
      svg { max-width: 100%; height: auto; }
    </style>
  </head>
  <body><script>${script}</script></body>
</html>
`;
}

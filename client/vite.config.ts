import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { wuchale } from 'wuchale/vite';

const server = process.env.LUMEN_DEV_SERVER ?? 'http://localhost:5000';
const serverPaths = [
  '/login',
  '/devlogin',
  '/logout',
  '/callback',
  '/uploads',
  '/v1',
  '/themes',
  '/diagram',
  '/manifest.webmanifest',
];

/** Each file costs a slow machine some milliseconds, so what is always wanted together is one: these, and what they import. */
const groups = [
  // SvelteKit's entry tells the version and the paths before anything that reads them is loaded.
  { name: 'payload', test: /runtime\/client\/payload\.js$|preload-helper/, priority: 3 },
  {
    name: 'start',
    test: /\/src\/(hooks\.client|routes\/(\(chat\)\/)?\+layout)\.(svelte|ts)$/,
    priority: 2,
  },
  { name: 'Shell', test: /\/src\/routes\/Shell\.svelte$/, priority: 1 },
];

export default defineConfig({
  plugins: [
    wuchale(),
    sveltekit({
      adapter: adapter({ fallback: 'index.html', precompress: true }),
      csp: {
        mode: 'hash',
        // The server sends frame-ancestors: a <meta> can't.
        directives: {
          'default-src': ['none'],
          'script-src': ['self'],
          'style-src-elem': ['self'],
          'style-src-attr': ['unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'media-src': ['self', 'blob:'],
          'worker-src': ['self'],
          'manifest-src': ['self'],
          'frame-src': ['self'],
          'form-action': ['self'],
          'base-uri': ['none'],
          'object-src': ['none'],
        },
      },
    }),
  ],
  // Fonts inlined as data: URLs would be refused by font-src.
  build: { assetsInlineLimit: 0 },
  environments: {
    client: { build: { rolldownOptions: { output: { codeSplitting: { groups } } } } },
  },
  server: {
    // The packages lie beside this folder, and their fonts are served from there; the help is built in.
    fs: { allow: ['../node_modules', '../docs/help', '../docs/config.schema.json'] },
    proxy: {
      '/graphql': { target: server, ws: true },
      ...Object.fromEntries(serverPaths.map((path) => [path, { target: server }])),
    },
  },
});

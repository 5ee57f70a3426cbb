import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Node resolves the package to its CommonJS file for some importers and to its ES module for
// others; graphql refuses to work with two copies of itself.
const oneGraphql = [{ find: /^graphql$/, replacement: 'graphql/index.js' }];

const services = { globalSetup: 'test/support/global-setup.ts' };

// These tests race real processes against real clocks: on a starved CI machine one of them may come too late once. At a
// developer's desk each failure shows.
const racing = {
  retry: process.env.CI ? 1 : 0,
  testTimeout: 60_000,
  expect: { poll: { timeout: 15_000 } },
};

export default defineConfig({
  test: {
    // The machine's cores are shared with PostgreSQL, Redis and the servers under test.
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias: oneGraphql },
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'] },
      },
      {
        resolve: { alias: oneGraphql },
        test: {
          name: 'api',
          include: ['test/api/**/*.test.ts'],
          hookTimeout: 60_000,
          ...racing,
          ...services,
        },
      },
      {
        resolve: { alias: oneGraphql },
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          ...services,
        },
      },
      {
        // The browser's half of Svelte and of urql, without a browser: state modules run as they are.
        plugins: [svelte({ configFile: false })],
        // The client's own tsconfig stands on a file that only SvelteKit's build writes.
        tsconfig: 'test/support/client.tsconfig.json',
        resolve: { alias: oneGraphql, conditions: ['browser', 'svelte'] },
        test: { name: 'client', include: ['test/client/**/*.test.ts'] },
      },
      {
        resolve: { alias: oneGraphql },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          hookTimeout: 120_000,
          ...racing,
          ...services,
        },
      },
    ],
  },
});

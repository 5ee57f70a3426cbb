// The import law: the order of the folders is the architecture (docs/architecture.md).
// A folder of server/ imports only what stands to its left, types included.
const line = [
  'kernel',
  'config',
  'live',
  'db',
  'upstream',
  'context',
  'audit',
  'rate',
  'theme',
  'account',
  'group',
  'key',
  'sign-in',
  'model',
  'access',
  'budget',
  'usage',
  'project',
  'analytics',
  'upload',
  'gateway',
  'chat',
  'personal-data',
  'admin',
  'metrics',
  'graphql',
  'v1',
  'http',
  // The composition root and the parts that only it puts together.
  'heap',
  'logger',
  'configured',
  'store',
  'contexts',
  'follow-config',
  'jobs',
  'app',
  'welcome',
  'main',
  'cli',
  'lumen',
];

// A place is a folder of server/ or, for the short ones, the file of that name.
const places = (names) => `^server/(${names.join('|')})(/|\\.ts$)`;
const packages = (names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

const looksLeft = line.slice(0, -1).map((place, at) => ({
  name: `${place}-looks-left`,
  comment: `${place} may import only what stands to its left in \`line\`.`,
  severity: 'error',
  from: { path: places([place]) },
  to: { path: places(line.slice(at + 1)) },
}));

const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...looksLeft,
    error(
      'every-place-has-its-rank',
      'A new folder or file of server/ gets a place in `line` first.',
      { path: '^server/', pathNot: places(line) },
      {},
    ),
    error(
      'nothing-imports-the-entries',
      'main.ts and lumen.ts start processes; importing one would start a server.',
      {},
      { path: '^server/(main|lumen)\\.ts$' },
    ),
    error(
      'no-cycles',
      'Two files that need each other are one file, or need a third.',
      {},
      {
        circular: true,
      },
    ),
    error(
      'resolves',
      'What is imported exists.',
      {},
      { couldNotResolve: true, pathNot: '^(\\./\\$types$|\\$app/)' },
    ),
    error(
      'only-the-schema-knows-resolvers',
      'Resolvers are doors; behind a door stands a use-case, not another door.',
      { pathNot: '^server/graphql/schema\\.ts$' },
      { path: '\\.resolver\\.ts$' },
    ),
    error(
      'api-types-stay-at-the-door',
      'Only resolvers, other types and the schema know the shapes promised by the API.',
      { pathNot: ['\\.(resolver|type)\\.ts$', '^server/graphql/schema\\.ts$'] },
      { path: '\\.type\\.ts$' },
    ),
    error(
      'no-transport-in-the-core',
      'Use-cases and entities serve GraphQL and /v1 alike, so they know neither.',
      { path: '^server/', pathNot: ['\\.(resolver|type)\\.ts$', '^server/(graphql|http)/'] },
      { path: packages(['graphql', 'express', 'type-graphql', '@apollo/server']) },
    ),
    error(
      'only-two-call-other-machines',
      'Whatever leaves this machine goes through upstream/ or sign-in/.',
      { path: '^server/', pathNot: '^server/(upstream|sign-in)/' },
      { path: packages(['undici', 'openid-client']) },
    ),
    error(
      'client-knows-no-server',
      'They share schema.graphql and nothing else.',
      { path: '^client/' },
      {
        path: '^server/',
      },
    ),
    error(
      'server-knows-no-client',
      'They share schema.graphql and nothing else.',
      { path: '^server/' },
      {
        path: '^client/',
      },
    ),
    error(
      'product-knows-no-tests',
      'Scripts, tests and benchmarks may use the product, never the other way round.',
      { path: '^(server|client|migrations)/' },
      { path: '^(test|scripts|bench)/' },
    ),
    error(
      'client-lib-knows-no-pages',
      'routes -> lib/<feature> -> lib/{graphql,live,ui}',
      { path: '^client/src/lib/' },
      { path: '^client/src/routes/' },
    ),
    error(
      'client-ground-knows-no-feature',
      'lib/graphql, lib/live and lib/ui stand below all features.',
      { path: '^client/src/lib/(graphql|live|ui)/' },
      { path: '^client/src/lib/', pathNot: '^client/src/lib/(graphql|live|ui)/' },
    ),
    error(
      'client-features-stand-apart',
      'A page puts features together; a feature knows only the ground below it.',
      { path: '^client/src/lib/(?!graphql/|live/|ui/)([^/]+)/' },
      { path: '^client/src/lib/(?!graphql/|live/|ui/)[^/]+/', pathNot: '^client/src/lib/$1/' },
    ),
    error(
      'ui-takes-plain-values',
      'lib/ui knows no GraphQL and no live data, so that any feature can use it.',
      { path: '^client/src/lib/ui/' },
      { path: ['^client/src/lib/(graphql|live)/', packages(['@urql', 'graphql', 'graphql-ws'])] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^client/(build|\\.svelte-kit)/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.svelte'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types', 'typings'],
      conditionNames: ['svelte', 'import', 'types', 'node', 'default'],
    },
  },
};

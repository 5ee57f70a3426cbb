/**
 * `node bench/access.ts`: decisions a second about who may use which model, for lists of 200 models and a person in five
 * groups. It needs no build: what it imports of the server, Node can run as it is.
 */
import { accessDecider } from '../server/access/effective-access.ts';
import { parseConfig } from '../server/config/load.ts';

const MODELS = 200;
const GROUPS = 5;
const WINDOW_MS = 1_000;
const ROUNDS = 5;

const names = Array.from({ length: MODELS }, (_, at) => `model-${at}`);
const groups = Array.from({ length: GROUPS }, (_, at) => `group-${at}`);

/** Each group has something to say of every seventh model, and the last one of all others. */
const rules = (at: number) => ({
  allowed: names.filter((_, model) => model % 7 === at),
  blocked: names.filter((_, model) => model % 11 === at),
  ...(at === GROUPS - 1 ? { default: 'allowed' } : {}),
});

const file = {
  version: 2,
  models: names.map((name, at) => ({
    name,
    input_cost_per_million: 1,
    output_cost_per_million: 1,
    needs_ack: at % 10 === 0,
  })),
  groups: Object.fromEntries(groups.map((name, at) => [name, { model_access: rules(at) }])),
};

const { config } = await parseConfig(JSON.stringify(file), { file: '-', env: {}, generation: 1 });
const models = [...config.models.values()];
const person = {
  kind: 'person',
  email: 'ada@example.org',
  slug: null,
  groups,
  acknowledged: new Map([['model-0', '2026-11-01T00:00:00Z']]),
  limit: null,
} as const;

/** One list, as a page or `/v1/models` needs it: nothing is kept from one to the next. */
function list(): number {
  const decide = accessDecider(config, person);
  return models.filter((model) => decide(model).access === 'ALLOWED').length;
}

function decisionsPerSecond(): number {
  const start = performance.now();
  let lists = 0;
  while (performance.now() - start < WINDOW_MS) {
    if (list() === 0) throw new Error('somebody must be allowed something');
    lists += 1;
  }
  return Math.round((lists * MODELS * 1_000) / (performance.now() - start));
}

const figures = Array.from({ length: ROUNDS }, decisionsPerSecond).sort((a, b) => a - b);
const median = figures[Math.floor(ROUNDS / 2)] ?? 0;
console.log(`${median.toLocaleString('en')} decisions/s (${MODELS} models, ${GROUPS} groups)`);
console.log(`${((MODELS / median) * 1e6).toFixed(1)} µs for a list`);

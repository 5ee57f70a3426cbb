import { readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { ADMINISTRATION, type Step, UNRECORDED } from './changes.ts';
import { OF_ONESELF, OF_PROJECTS } from './owners-changes.ts';

const STEPS = [...ADMINISTRATION, ...OF_PROJECTS, ...OF_ONESELF];

let app: TestApp;
let people: Record<'admin' | 'ada', Person>;
let configText: string;
/** Ids and versions by the names that stand for them. */
const made = new Map<string, string>();

beforeAll(async () => {
  app = await startApp({
    config: (model) => ({
      models: [
        {
          ...{
            name: 'fake',
            needs_ack: true,
            input_cost_per_million: 1,
            output_cost_per_million: 1,
          },
          endpoints: [{ url: model.url, model: 'fake-1' }],
        },
      ],
      projects: { default: { max: 5, model_access: { default: 'allowed' } } },
    }),
  });
  people = {
    admin: await app.person('dev@example.com'),
    ada: await app.person('ada@example.org'),
  };
  for (const [name, person] of Object.entries(people)) {
    const { viewer } = await person.asks<{ viewer: { id: string } }>('{ viewer { id } }');
    made.set(name, viewer.id);
  }
  const { endpoints, configFile } = await people.admin.asks<{
    endpoints: { id: string }[];
    configFile: { path: string; text: string; version: string };
  }>('{ endpoints { id } configFile { path text version } }');
  made.set('endpoint', endpoints[0]?.id ?? '');
  made.set('path', configFile.path);
  made.set('configVersion', configFile.version);
  configText = configFile.text.replace('max: 10', 'max: 9');
});
afterAll(() => app.close());

const nameOf = ({ call }: Step) => call.replace(/\W.*/, '');

test('R59 a mutation either stands here with its entry, or changes only what is one’s own', async () => {
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
  const recorded = STEPS.map(nameOf);
  expect([...new Set(recorded), ...UNRECORDED].sort()).toEqual(
    Object.keys(schema.getMutationType()?.getFields() ?? {}).sort(),
  );
});

/** The names instead of what they stand for, so that a step can say what it expects. */
const named = (value: unknown): unknown =>
  JSON.parse(
    [...made].reduce(
      (text, [name, id]) => text.replaceAll(JSON.stringify(id), `"$${name}"`),
      JSON.stringify(value),
    ),
  );

async function makes({ call, gives = '', by = 'admin' }: Step) {
  const { configFile } = await people.admin.asks<{ configFile: { backups: { id: string }[] } }>(
    '{ configFile { backups { id } } }',
  );
  const places = new Map(made).set('backup', configFile.backups[0]?.id ?? '');
  const known = call.replaceAll(/"\$(\w+)"/g, (_, name) => JSON.stringify(places.get(name)));
  const head = call.includes('$text') ? 'mutation ($text: String!)' : 'mutation';
  return people[by].graphql(`${head} { ${known} ${gives} }`, { text: configText });
}

const entries = () =>
  app.rows<{ id: bigint }>(
    'select id, actor_id, action, subject, before, after, reason from audit_entry order by id',
  );

/** All that is stored but the trail, and what changes by itself. */
async function stored(): Promise<unknown> {
  const tables = await app.rows<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and relname not in ('audit_entry', 'job_run', 'replica') order by 1`,
  );
  const all = tables.map(
    ({ name }) =>
      `select '${name}' as name, (to_jsonb(t) - 'seen_at')::text as row from "${name}" t`,
  );
  return [
    await readFile(app.configFile, 'utf8'),
    await app.rows(`${all.join(' union all ')} order by 1, 2`),
  ];
}

/** What happens while nobody can write into the trail. */
async function withoutTrail<T>(work: () => Promise<T>): Promise<T> {
  await app.rows(`create function no_trail() returns trigger language plpgsql as
    $$ begin raise exception 'no trail'; end $$`);
  await app.rows(
    'create trigger no_trail before insert on audit_entry execute function no_trail()',
  );
  return work().finally(() => app.rows('drop function no_trail cascade'));
}

describe('one after the other', () => {
  test.each(STEPS)('R59 $call: $action, or nothing at all', async (step) => {
    const [before, trail] = [await stored(), await entries()];
    const untold = await withoutTrail(() => makes(step));
    expect(untold.errors?.[0]?.extensions.code).toBe('INTERNAL');
    expect(await stored()).toEqual(before);

    const { data, errors } = await makes(step);
    expect(errors).toBeUndefined();
    const [, id] = /"(?:id|version)":"([^"]+)"/.exec(JSON.stringify(data)) ?? [];
    if (id && !made.has(nameOf(step))) made.set(nameOf(step), id);
    const [entry, ...more] = (await entries()).slice(trail.length);
    expect(more).toEqual([]);
    const { action, subject, by = 'admin', reason = null } = step;
    expect(named({ ...entry, id: null })).toEqual({
      ...{ id: null, actor_id: `$${by}`, action, subject, reason },
      ...{ before: step.before ?? null, after: step.after ?? null },
    });
    // Whoever was let in again signs in again.
    if (action === 'account.enabled') people.ada = await app.person(people.ada.email);
  });
});

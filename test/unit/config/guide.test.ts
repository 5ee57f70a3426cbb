// docs/configuration-guide.md, and the file that it goes through.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { effectiveAccess, type ModelAccess } from '../../../server/access/effective-access.ts';
import { poolPolicy } from '../../../server/budget/pool-policy.ts';
import { startupProblems } from '../../../server/config/startup.ts';
import type { Subject } from '../../../server/context.ts';
import { type Claims, matchingGroups } from '../../../server/group/matching-groups.ts';
import { coins } from '../../../server/kernel/coins.ts';
import { read } from './read.ts';

const docs = join(import.meta.dirname, '../../../docs');
const guide = await readFile(join(docs, 'configuration-guide.md'), 'utf8');
const file = await readFile(join(docs, 'examples/university.yaml'), 'utf8');
const { config, warnings } = await read(file, {
  OIDC_SECRET: 'secret',
  GPU_KEY: 'key',
  OPENAI_KEY: 'key',
  LUMEN_SECRET_KEY: 's'.repeat(32),
  LUMEN_ENCRYPTION_KEY: 'e'.repeat(32),
});

test('the guide goes through the whole file and nothing else', () => {
  const blocks = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
  expect(blocks.join('\n')).toBe(file);
});

test('the file of the guide loads without a warning, and Lumen starts with it', () => {
  expect(warnings).toEqual([]);
  expect(startupProblems(config)).toEqual([]);
  expect(config.app.trustedProxies).toBe(1);
  expect(config.rateLimits.requests).toEqual([
    { requests: 30, seconds: 60 },
    { requests: 2000, seconds: 86_400 },
  ]);
  expect(config.models.get('llama-3.3-70b')?.endpoints.length).toBe(2);
});

const STUDENT = 'member@example.edu;student@example.edu';
const LECTURER = 'member@example.edu;faculty@example.edu';
const ALLOCATION = ['campus-vpn', 'hpc-users'];

function person(claims: Claims, email = 'somebody@example.edu'): Subject {
  const groups = matchingGroups(config, claims);
  return { kind: 'person', email, slug: null, groups, acknowledged: new Map(), limit: null };
}

const project = (slug: string): Subject => ({
  kind: 'project',
  email: null,
  slug,
  groups: [],
  acknowledged: new Map(),
  limit: null,
});

const people: Readonly<Record<string, Subject>> = {
  'a guest': person({ affiliation: 'affiliate@example.edu' }),
  'a student': person({ affiliation: STUDENT }),
  'a lecturer': person({ affiliation: LECTURER }),
  'a student with an allocation': person({ affiliation: STUDENT, member_of: ALLOCATION }),
  'a lecturer with an allocation': person({ affiliation: LECTURER, member_of: ALLOCATION }),
  'Grace, a student': person({ affiliation: STUDENT }, 'grace@example.edu'),
  'Eve, a lecturer': person({ affiliation: LECTURER }, 'eve@example.edu'),
  'a project': project('some-project'),
  'the project library-desk': project('library-desk'),
};

const WORDS: Readonly<Record<ModelAccess, string>> = {
  ALLOWED: 'allowed',
  BLOCKED: 'blocked',
  ACKNOWLEDGEMENT_NEEDED: 'acknowledge',
};

function rowOf(who: string, subject: Subject): string {
  const max = poolPolicy(config, subject)?.max ?? null;
  const pool = typeof max === 'bigint' ? String(max / coins(1)) : 'none';
  const models = [...config.models.values()].map(
    (model) => WORDS[effectiveAccess(config, subject, model)],
  );
  return `| ${[who, pool, ...models].join(' | ')} |`;
}

test('the table of the guide says who gets which pool and which model', () => {
  const [, , ...told] = guide.split('\n').filter((line) => line.startsWith('|'));
  expect(told).toEqual(Object.entries(people).map(([who, subject]) => rowOf(who, subject)));
});

test('who is in two groups has the one pool that the guide says, and not the sum', () => {
  const both = people['a lecturer with an allocation'];
  expect(both?.groups).toEqual(['staff', 'research-computing']);
  expect(both && poolPolicy(config, both)).toEqual({
    unit: 'coins',
    max: coins(200),
    refreshPerHour: coins(10),
    starting: coins(50),
  });
});

test('an employee without membership is not in research-computing, since all of its rules must hold', () => {
  const groups = matchingGroups(config, {
    affiliation: 'staff@example.edu',
    member_of: ALLOCATION,
  });
  expect(groups).toEqual(['staff']);
});

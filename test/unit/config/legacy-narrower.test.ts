// What the older words for access gave, over many files, beside what the same files give today (D-11, D-12).
import { expect, test } from 'vitest';
import { effectiveAccess } from '../../../server/access/effective-access.ts';
import { configOf } from './read.ts';

const ADA = {
  kind: 'person',
  email: 'ada@example.org',
  slug: null,
  groups: ['a', 'b'],
  acknowledged: new Map<string, string>(),
  limit: null,
} as const;

/** Narrowest first, so that a place in the list is a measure. */
const WORDS = ['blacklist', 'graylist', 'whitelist'] as const;
const TODAY = ['BLOCKED', 'ACKNOWLEDGEMENT_NEEDED', 'ALLOWED'];
type Verdict = (typeof WORDS)[number];
type Word = Verdict | undefined;

/** What one scope says of the only model, and of all models. */
interface Scope {
  readonly model: Word;
  readonly all: Word;
}

const narrowest = (words: readonly Word[]): Word => WORDS.find((word) => words.includes(word));
const widest = (words: readonly Word[]): Word => WORDS.findLast((word) => words.includes(word));

/** Versions 1.8 to 1.17. Where their pages and their code disagreed, the narrower is asked of us. */
const ofLists = (ada: Scope, a: Scope, b: Scope): Verdict =>
  ada.model ?? narrowest([a.model, b.model]) ?? widest([a.all, b.all]) ?? ada.all ?? 'whitelist';

/** Versions 1.6 and 1.7, with lists for everybody. */
const ofTopLists = (top: Scope, a: Scope, b: Scope): Verdict => {
  if (top.model === 'blacklist') return 'blacklist';
  const groups = narrowest([a.model, b.model]) ?? top.model ?? widest([a.all, b.all]);
  return groups ?? top.all ?? 'whitelist';
};

function written({ model, all }: Scope): string {
  const list = model === undefined ? [] : [`${model}: [m]`];
  return [...list, ...(all === undefined ? [] : [`default: ${all}`])].join(', ');
}

const ANY: readonly Word[] = [undefined, ...WORDS];
const scopes = ANY.flatMap((model) => ANY.map((all) => ({ model, all })));

async function expectNarrower(sections: string, a: Scope, b: Scope, then: Verdict): Promise<void> {
  const file = `models: [{ name: m, input_cost_per_million: 1, output_cost_per_million: 1 }]
groups: { a: { model_access: { ${written(a)} } }, b: { model_access: { ${written(b)} } } }
${sections}`;
  const config = await configOf(file);
  const model = config.models.get('m');
  if (!model) throw new Error('the model was not read');
  const now = TODAY.indexOf(effectiveAccess(config, ADA, model));
  expect(now, file).toBeLessThanOrEqual(WORDS.indexOf(then));
}

/** Group b opens, if it says anything: what matters is that it disagrees with group a. */
const others: readonly Scope[] = [
  { model: undefined, all: undefined },
  { model: 'whitelist', all: undefined },
  { model: undefined, all: 'whitelist' },
];

test('D-11: no list of a person or a group gives more than it gave', {
  timeout: 120_000,
}, async () => {
  for (const ada of scopes) {
    const users = `users: { ada@example.org: { model_access: { ${written(ada)} } } }`;
    for (const a of scopes) {
      for (const b of others) await expectNarrower(users, a, b, ofLists(ada, a, b));
    }
  }
});

test('D-11: no list for everybody gives more than it gave', { timeout: 120_000 }, async () => {
  for (const top of scopes) {
    const section = `model_access: { ${written(top)} }`;
    for (const a of scopes) {
      for (const b of others) await expectNarrower(section, a, b, ofTopLists(top, a, b));
    }
  }
});

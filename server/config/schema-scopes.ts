// What may be said of a scope (everybody, a group, a person, a project): its pool of coins and its rules for models.
import { z } from 'zod';
import { normalEmail } from '../kernel/email.ts';
import { slugOf } from '../kernel/slug.ts';
import { access, amount, blockName, limit, listOf, name, text } from './schema-values.ts';
import { isMapping } from './yaml-file.ts';

const pool = {
  unit: z
    .enum(['coins', 'tokens'])
    .default('coins')
    .describe('What the pool counts: coins, or tokens of input and output together.'),
  max: limit()
    .optional()
    .describe('Size of the pool, in its unit; 0 grants nothing, -2 is unlimited.'),
  refresh: amount()
    .optional()
    .describe('Amount that the pool regains per hour, up to max, in its unit.'),
  starting: amount()
    .optional()
    .describe('Amount in the pool at the first sign-in, in its unit; without it, max.'),
};

const modelAccess = z
  .strictObject({
    default: access().optional().describe('Whether models that no other rule names may be used.'),
    allowed: listOf(name()).default([]).describe('Names of models that may be used.'),
    blocked: listOf(name())
      .default([])
      .describe('Names of models that may not be used; wins over allowed.'),
  })
  .prefault({})
  .describe('Rules for models.');

const groups = () => listOf(name()).default([]).describe('Names of groups to be in.');

export const defaultsSchema = z
  .strictObject({
    tokens: z
      .strictObject(pool)
      .prefault({})
      .describe('Pool of everybody whose groups and own settings grant none.'),
    models: z
      .strictObject({
        access: access()
          .default('blocked')
          .describe('Whether models may be used of which nothing else decides.'),
        ack_message: text()
          .optional()
          .describe(
            'Text of the acknowledgement of models that have no text of their own, in Markdown.',
          ),
      })
      .prefault({})
      .describe('What holds for models of which nothing else is said.'),
  })
  .prefault({})
  .describe('What holds where neither a person nor a group has a setting of its own.');

/** A blank would be part of nearly every claim. */
const claimText = () => text().pipe(z.string().regex(/\S/, 'a text that is not blank'));

const rule = z
  .strictObject({
    field: name().describe(
      'Name of the claim that the provider tells, such as affiliation or member_of.',
    ),
    contains: claimText()
      .optional()
      .describe('Part of the claim, upper and lower case being different; of a list, one member.'),
    equals: claimText().optional().describe('The whole claim; a list is never equal.'),
  })
  .check(refuseToMatchAll)
  .describe('One rule; where it has both contains and equals, both must hold.');

export const groupSchema = z
  .strictObject({
    description: text().default('').describe('A sentence about the group.'),
    ...pool,
    model_access: modelAccess,
    rules: z
      .array(rule)
      .default([])
      .describe('Rules that put people in, or out again, each time they sign in.'),
    match: z
      .enum(['all', 'any'])
      .default('all')
      .describe('Whether all rules must hold, or any one of them.'),
  })
  .describe('One group, by its name.');

export const groupsSchema = z
  .record(blockName(200), groupSchema)
  .default({})
  .describe('Groups of people; everybody is in the group named default.');

export const usersSchema = z
  .record(
    blockName(320),
    z
      .strictObject({ groups: groups(), ...pool, model_access: modelAccess })
      .describe(
        'One person, by e-mail address; `default` stands for everybody and has only groups.',
      ),
  )
  .check(refuseTwins)
  .default({})
  .describe('Settings of single people; a pool here replaces those of their groups.');

/** An empty block would replace that of all projects with nothing. */
const written = (blocks: unknown): unknown =>
  isMapping(blocks)
    ? Object.fromEntries(Object.entries(blocks).filter(([, block]) => !isEmpty(block)))
    : blocks;

const isEmpty = (block: unknown): boolean => isMapping(block) && Object.keys(block).length === 0;

export const projectsSchema = z
  .preprocess(
    written,
    z
      .record(
        blockName(200),
        z
          .strictObject({ groups: groups(), ...pool, model_access: modelAccess })
          .describe(
            'One project, by name or slug; `default` stands for projects without a block, or with an empty one.',
          ),
      )
      .check(refuseSameSlug),
  )
  .default({})
  .describe('Settings of projects; a block replaces that of `default` as a whole.');

/** Which of two blocks a project has must not be a matter of their order. */
function refuseSameSlug({ value, issues }: z.core.ParsePayload<Record<string, unknown>>): void {
  const seen = new Set(['']);
  for (const name of Object.keys(value)) {
    const slug = slugOf(name);
    if (seen.has(slug)) {
      const message = slug
        ? `one block for each project (here ${slug})`
        : 'a name with letters or digits';
      issues.push({ code: 'custom', path: [name], message, input: name });
    }
    seen.add(slug);
  }
}

/** Merging two blocks of one person could widen what either allows. */
function refuseTwins({ value, issues }: z.core.ParsePayload<Record<string, unknown>>): void {
  const seen = new Set<string>();
  for (const address of Object.keys(value)) {
    const email = normalEmail(address);
    if (seen.has(email)) {
      const message = 'one block for each e-mail address (upper and lower case are the same)';
      issues.push({ code: 'custom', path: [address], message, input: address });
    }
    seen.add(email);
  }
}

/** A rule that asks nothing would put everybody in. */
function refuseToMatchAll({ value, issues }: z.core.ParsePayload<Record<string, unknown>>): void {
  if (value.contains !== undefined || value.equals !== undefined) return;
  issues.push({
    code: 'custom',
    path: [],
    message: 'a rule with contains or equals',
    input: value,
  });
}

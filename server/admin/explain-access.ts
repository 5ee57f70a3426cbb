import { sql } from 'kysely';
import { type AccessDecision, type AccessTier, accessDecider } from '../access/effective-access.ts';
import { ACCOUNT_COLUMNS, type AccountRow, subjectOf } from '../account/actor.ts';
import type { Access, Config, GroupConfig, ModelConfig } from '../config/config.ts';
import { administrator, type Context, type Subject } from '../context.ts';
import { groupsOf } from '../group/memberships.ts';
import { normalEmail } from '../kernel/email.ts';
import { fail } from '../kernel/failure.ts';

export interface AccessExplanation extends AccessDecision {
  /** A sentence for an administrator, with the names of what decided. */
  readonly because: string;
}

/**
 * Whether a person may use a model, and what decided it.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, NOT_FOUND for an unknown person or model
 */
export async function explainAccess(
  ctx: Pick<Context, 'actor' | 'config' | 'sql'>,
  email: string,
  modelName: string,
): Promise<AccessExplanation> {
  administrator(ctx);
  const { config } = ctx;
  const model = config.models.get(modelName) ?? fail('NOT_FOUND', 'There is no such model.');
  const person = await personOf(ctx, email);
  const decision = accessDecider(config, person)(model);
  return { ...decision, because: sentence(config, person, model, decision) };
}

async function personOf(
  { sql: connection, config }: Pick<Context, 'sql' | 'config'>,
  email: string,
): Promise<Subject> {
  const address = normalEmail(email).replaceAll('\u0000', '');
  const { rows } = await sql<AccountRow>`
    select ${ACCOUNT_COLUMNS} from account a where a.email = ${address}`.execute(connection);
  const [row] = rows;
  if (!row) return fail('NOT_FOUND', 'Nobody with this address has signed in yet.');
  return subjectOf(row, config);
}

function sentence(
  config: Config,
  person: Subject,
  model: ModelConfig,
  { access, tier }: AccessDecision,
): string {
  const decided = SENTENCES[tier]({ config, person, model });
  return access === 'ACKNOWLEDGEMENT_NEEDED'
    ? `${decided} Its terms have not been acknowledged yet.`
    : decided;
}

interface Case {
  readonly config: Config;
  readonly person: Subject;
  readonly model: ModelConfig;
}

const SENTENCES: Readonly<Record<AccessTier, (asked: Case) => string>> = {
  DISABLED: () => 'The model is disabled for everybody.',
  OWN_RULE: ({ model }) => `The person’s own rules name ${model.name}.`,
  GROUP_RULES: ({ model, ...asked }) => {
    const said = saying(asked, ({ access }) => access.models.get(model.name));
    return `Groups have a rule for ${model.name}, where a block wins: ${said}.`;
  },
  MODEL: ({ model }) => `No rule names ${model.name}; its own access is ${model.access}.`,
  GROUP_DEFAULTS: ({ model, ...asked }) => {
    const said = saying(asked, ({ access }) => access.default);
    return `No rule names ${model.name}; of the groups’ defaults an allowance wins: ${said}.`;
  },
  OWN_DEFAULT: ({ model }) => `No rule names ${model.name}; the person’s own default decides.`,
  DEFAULT: ({ config, model }) =>
    `Nothing else speaks of ${model.name}; everybody’s default is ${config.defaults.access}.`,
};

/** `staff (allowed), guests (blocked)`: the groups that say anything, and what. */
const saying = (
  { config, person }: Omit<Case, 'model'>,
  of: (group: GroupConfig) => Access | null | undefined,
): string =>
  groupsOf(config, person)
    .flatMap((group) => (of(group) ? `${group.name} (${of(group)})` : []))
    .join(', ');

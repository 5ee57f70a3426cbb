// What the form for a group says, and what is asked of the server for it.
import type { GroupDetailsQuery, GroupInput, ModelRule, PoolUnit } from '#lib/graphql/generated.ts';
import { coinsText } from '#lib/ui/coins.ts';
import { formatCost } from '#lib/ui/numbers.ts';

export type GroupDetails = NonNullable<GroupDetailsQuery['group']>;
type Group = Omit<GroupDetails, 'members' | 'rules' | 'match' | 'definedAt'>;

export const ruleTexts = () => ({ '': 'Say nothing', ALLOWED: 'Allowed', BLOCKED: 'Blocked' });

export interface GroupForm {
  name: string;
  description: string;
  isActive: boolean;
  /** Empty grants no pool; "unlimited" one without an end. */
  max: string;
  refreshPerHour: string;
  starting: string;
  unit: PoolUnit;
  default: ModelRule | '';
  /** Names of models, one a line. */
  allowed: string;
  blocked: string;
}

export const EMPTY: Readonly<GroupForm> = {
  name: '',
  description: '',
  isActive: true,
  max: '',
  refreshPerHour: '',
  starting: '',
  unit: 'COINS',
  default: '',
  allowed: '',
  blocked: '',
};

const UNLIMITED = -2;

export function formOf(group: Group): GroupForm {
  const { pool, access } = group;
  return {
    name: group.name,
    description: group.description,
    isActive: group.isActive,
    max: pool ? (pool.max ?? 'unlimited') : '',
    refreshPerHour: pool?.refreshPerHour ?? '',
    starting: pool?.starting ?? '',
    unit: pool?.unit ?? 'COINS',
    default: access.default ?? '',
    allowed: access.allowed.join('\n'),
    blocked: access.blocked.join('\n'),
  };
}

const namesIn = (lines: string): string[] =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const amount = (text: string): number | null => {
  const trimmed = text.trim().replace(',', '.');
  return trimmed === '' ? null : Number(trimmed);
};

function poolOf(form: GroupForm): GroupInput['pool'] {
  const isUnlimited = form.max.trim().toLowerCase() === 'unlimited';
  const max = isUnlimited ? UNLIMITED : amount(form.max);
  if (max === null) return null;
  if (isUnlimited) return { max, unit: form.unit };
  const [refreshPerHour, starting] = [amount(form.refreshPerHour), amount(form.starting)];
  return { max, refreshPerHour, starting, unit: form.unit };
}

export const inputOf = (form: GroupForm): GroupInput => ({
  name: form.name.trim(),
  description: form.description.trim(),
  isActive: form.isActive,
  pool: poolOf(form),
  access: {
    default: form.default || null,
    allowed: namesIn(form.allowed),
    blocked: namesIn(form.blocked),
  },
});

/** "500 coins, 2 an hour". */
export function poolText({ pool }: Pick<Group, 'pool'>): string {
  if (!pool) return 'no pool';
  const isCoins = pool.unit === 'COINS';
  if (pool.max === null) return isCoins ? 'unlimited coins' : 'unlimited tokens';
  const size = isCoins ? coinsText(pool.max) : `${formatCost(pool.max)} tokens`;
  const hasRefill = Number(pool.refreshPerHour) > 0;
  return hasRefill ? `${size}, ${formatCost(pool.refreshPerHour)} an hour` : size;
}

/** "models allowed, but for a and b". */
export function accessText({ access }: Pick<Group, 'access'>): string {
  const parts = [
    access.default === 'ALLOWED' && 'others allowed',
    access.default === 'BLOCKED' && 'others blocked',
    access.allowed.length > 0 && `allows ${access.allowed.join(', ')}`,
    access.blocked.length > 0 && `blocks ${access.blocked.join(', ')}`,
  ].filter(Boolean);
  return parts.join('; ') || 'says nothing of models';
}

import type { Access, PoolPolicy } from '../config/config.ts';
import { manualGroup } from '../config/normal-form.ts';
import { groupSchema } from '../config/schema-scopes.ts';
import { fail } from '../kernel/failure.ts';
import { withoutControls } from '../kernel/one-line.ts';

/** A group as an administrator defines it, as a whole: what is left out is as if it had never been said. */
export interface GroupDefinition {
  readonly name: string;
  readonly description?: string | null;
  readonly isActive?: boolean | null;
  readonly pool?: PoolDefinition | null;
  readonly access?: AccessDefinition | null;
}

export interface PoolDefinition {
  readonly unit?: PoolPolicy['unit'] | null;
  /** In its unit; -2 is unlimited, as in config.yaml. */
  readonly max: number;
  readonly refreshPerHour?: number | null;
  readonly starting?: number | null;
}

export interface AccessDefinition {
  readonly default?: Access | null;
  readonly allowed?: readonly string[] | null;
  readonly blocked?: readonly string[] | null;
}

/** What is stored of a definition; `pool` and `access` in the words of config.yaml. */
export interface StoredDefinition {
  readonly name: string;
  readonly description: string;
  readonly isActive: boolean;
  readonly pool: object | null;
  readonly access: object;
}

const NAME = /^\P{Cc}{1,200}$/u;
const DESCRIPTION_CHARACTERS_MAX = 2_000;
const MODELS_MAX = 1_000;

/** @throws Failure INVALID, TOO_LARGE when the configuration file could not say it either */
export function storedDefinition(definition: GroupDefinition): StoredDefinition {
  const name = definition.name.toWellFormed().trim();
  if (!NAME.test(name))
    fail('INVALID', 'A group has a name of 1 to 200 characters.', { param: 'name' });
  const description = withoutControls(definition.description ?? '');
  if (description.length > DESCRIPTION_CHARACTERS_MAX)
    fail('TOO_LARGE', `A description has at most ${DESCRIPTION_CHARACTERS_MAX} characters.`, {
      param: 'description',
    });
  const pool = definition.pool ? poolBlock(definition.pool) : null;
  const access = accessBlock(definition.access ?? {});
  mustBeValid({ ...pool, model_access: access });
  return { name, description, isActive: definition.isActive ?? true, pool, access };
}

/** The pool that is meant. @throws Failure INVALID when the configuration file could not say it either */
export function definedPool(definition: PoolDefinition): PoolPolicy {
  const block = poolBlock(definition);
  mustBeValid(block);
  const { pool } = manualGroup('', groupSchema.parse(block));
  if (!pool) throw new Error('a block with an amount is a pool');
  return pool;
}

const poolBlock = ({ unit, max, refreshPerHour, starting }: PoolDefinition): object => ({
  unit: unit ?? 'coins',
  max,
  refresh: refreshPerHour ?? 0,
  ...(starting === null || starting === undefined ? {} : { starting }),
});

function accessBlock({ default: standard, allowed, blocked }: AccessDefinition): object {
  const names = [...(allowed ?? []), ...(blocked ?? [])];
  if (names.length > MODELS_MAX)
    fail('TOO_LARGE', `A group has rules for at most ${MODELS_MAX} models.`, { param: 'access' });
  return {
    ...(standard ? { default: standard } : {}),
    allowed: allowed ?? [],
    blocked: blocked ?? [],
  };
}

function mustBeValid(block: object): void {
  const [issue] = groupSchema.safeParse(block).error?.issues ?? [];
  if (!issue) return;
  const param = issue.path[0] === 'model_access' ? 'access' : `pool.${String(issue.path[0])}`;
  fail('INVALID', `${param} can not be this: ${issue.message}.`, { param });
}

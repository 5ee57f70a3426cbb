// Checks a draft against the schema, and says what was found and what is accepted.
import type { z } from 'zod';
import type { Draft } from './draft.ts';
import { isForLater } from './later.ts';
import { type Path, pathText } from './problem.ts';
import { type ConfigFile, configSchema } from './schema.ts';
import { isMapping } from './yaml-file.ts';

export interface Finding {
  readonly path: Path;
  readonly message: string;
}

export interface Validation<File = ConfigFile> {
  /** Null when there are errors. */
  readonly file: File | null;
  readonly errors: readonly Finding[];
  readonly unknown: readonly Path[];
}

/** Paths of settings that hold a secret, or an address that may hold one. */
export const SECRET =
  /((?<!failed_)keys?|secret|token|password|storage_url|(database|redis)[._]url)(\[\d+\])?$/;
const SHOWN_CHARACTERS_MAX = 60;
const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text (in quotes, if it looks like a number)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a block of settings',
  record: 'a block of settings',
  array: 'a list',
};

export const validate = (draft: Draft): Validation => validateAs(configSchema, draft);

/** The same for a file of another schema. */
export function validateAs<File>(schema: z.ZodType<File>, draft: Draft): Validation<File> {
  const first = schema.safeParse(draft.data);
  const unknown = first.success ? [] : removeUnknown(draft, first.error.issues);
  const { data, error } = first.success ? first : schema.safeParse(draft.data);
  const errors = (error?.issues ?? []).map((issue) => finding(issue, draft));
  return { file: data ?? null, errors: [...errors, ...draft.conflicts], unknown };
}

/** Settings that the schema does not know are no errors; those that nobody knows are told. */
function removeUnknown(draft: Draft, issues: readonly z.core.$ZodIssue[]): Path[] {
  const paths = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => [...(issue.path as Path), key])
      : [],
  );
  for (const path of paths) draft.remove(path);
  return paths.filter((path) => !isForLater(path));
}

function finding(issue: z.core.$ZodIssue, draft: Draft): Finding {
  const path = issue.path as Path;
  const accepted = `accepted is ${acceptedBy(issue)}`;
  const value = draft.at(path);
  if (value === undefined) return { path, message: `missing; ${accepted}` };
  return { path, message: `found ${shown(draft.written(path), path)}; ${accepted}` };
}

function acceptedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map(String).join(' or ');
    case 'too_small':
      return issue.origin === 'string' ? 'a text that is not empty' : `${issue.minimum} or more`;
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'invalid_key':
      return issue.issues.map(acceptedBy).join(', ');
    default:
      return issue.message;
  }
}

/** What may be told of a value: never a secret, nor an address that may hold one. */
function shown(value: unknown, path: Path): string {
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a block of settings';
  const isOpen = value !== undefined && !SECRET.test(pathText(path)) && !/@/.test(String(value));
  if (!isOpen) return 'a value (not shown)';
  return JSON.stringify(value).slice(0, SHOWN_CHARACTERS_MAX);
}

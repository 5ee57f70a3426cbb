import { formatCost } from './numbers.ts';

/**
 * The form of a text that goes with a count or an amount; `#` in it stands for that. In the built page the forms and
 * the rule are those of the reader's language, in place of the English ones that the code has.
 */
export function plural(
  count: number,
  forms: readonly string[],
  formOf = (n: number): number => (n === 1 ? 0 : 1),
): string {
  return (forms[formOf(count)] ?? '').replace('#', formatCost(count));
}

import { plural } from './plural.ts';

/** "1 coin", "0.000134 coins": a cost in words, as short as `formatCost` has it. */
export const coinsText = (decimal: string): string =>
  plural(Number(decimal), ['# coin', '# coins']);

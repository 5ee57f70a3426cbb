// The kinds of value that settings are made of. Each also reads what older files and `${VAR}` give: texts.
import { z } from 'zod';

const YES = new Set(['true', 'yes', 'on']);
const NO = new Set(['false', 'no', 'off']);
const NUMERIC = /^[+-]?[\d_]+(\.\d+)?(e[+-]?\d+)?$/i;
const AMOUNT_MAX = 1e12;
const PRICE_MAX = 1e6;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** `yes` and `on` were booleans in the YAML of older files. */
export const flag = () => z.preprocess(asBoolean, z.boolean());

/** Numbers are welcome as text, since YAML makes one of `name: 4711`. */
export const text = () => z.preprocess(asText, z.string());

/** Quotes are asked for: YAML would drop digits of a long number. */
export const secret = () => z.string().meta({ writeOnly: true });

/** A word that stands for something: no control characters, nothing around it. */
export const name = () =>
  z.preprocess(
    asText,
    z
      .string()
      .trim()
      .min(1)
      .max(200)
      .refine((value) => !CONTROL_CHARACTER.test(value), 'a name without control characters')
      .refine((value) => value.isWellFormed(), 'a name without halves of characters'),
  );

/** The name of a block; it must stay as it is written, so that messages find its place. */
export const blockName = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax)
    .refine((value) => value.trim() !== '' && !CONTROL_CHARACTER.test(value), 'a name');

/** A list; a single value stands for a list of one. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item));

export const count = (min: number, max: number) =>
  z.preprocess(asNumber, z.int().min(min).max(max));

export const seconds = (max: number) => z.preprocess(asNumber, z.number().min(0.001).max(max));

/** An amount of coins or tokens. */
export const amount = () => z.preprocess(asNumber, z.number().min(0).max(AMOUNT_MAX));

/** An amount, or -2 for unlimited. */
export const limit = () =>
  z.preprocess(
    asNumber,
    z
      .number()
      .max(AMOUNT_MAX)
      .refine((value) => value >= 0 || value === -2, 'a number from 0, or -2 for unlimited'),
  );

/** Coins per million tokens. */
export const coinPrice = () => z.preprocess(asNumber, z.number().min(0).max(PRICE_MAX));

export const access = () => z.enum(['allowed', 'blocked']);

/** The address of a web server. */
export const webAddress = () =>
  z
    .string()
    .trim()
    .refine(isWebAddress, 'an address that begins with http:// or https://')
    .refine((value) => !/[?#]/.test(value), 'an address without ? and #');

function asBoolean(value: unknown): unknown {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (YES.has(word)) return true;
  return NO.has(word) ? false : value;
}

function asNumber(value: unknown): unknown {
  const word = typeof value === 'string' ? value.trim() : '';
  return NUMERIC.test(word) ? Number(word.replaceAll('_', '')) : value;
}

function asText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

function isWebAddress(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

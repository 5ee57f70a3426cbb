// What the schema in server/config says of config.yaml, as JSON Schema: for the pages in docs/, and for editors.
import { z } from 'zod';
import { configSchema } from '../server/config/schema.ts';

export type Schema = z.core.JSONSchema.BaseSchema;

const VARIABLE: Schema = {
  description: 'Stands for an environment variable.',
  type: 'string',
  pattern: '\\$\\{[A-Za-z_]\\w*\\}',
};
const A_VARIABLE: Schema = { $ref: '#/$defs/variable' };
const BLANK: Schema = { type: 'null' };
const SOME_TEXT = 'text';
const SOME_NUMBER = 1;

/** The newest form alone, with all defaults. */
export function settingsSchema(): Schema {
  return jsonSchema(() => {});
}

/**
 * The newest form as it may be written, with `${NAME}` wherever a value may stand. The notation of addresses and limits,
 * and what settings mean together, are checked at the load only.
 */
export function editorSchema(): Schema {
  const written = jsonSchema((zodSchema, schema) => {
    const type = alsoRead(zodSchema, schema);
    if (type) schema.type = [schema.type, type] as unknown as 'string';
  });
  return { title: 'config.yaml of Lumen', ...asWritten(written), $defs: { variable: VARIABLE } };
}

export function editorSchemaText(): string {
  const listOfTexts = /\[\n\s+("[^[\]{}]*")\n\s+\]/g;
  return `${JSON.stringify(editorSchema(), null, 2).replace(
    listOfTexts,
    (_, texts: string) => `[${texts.replace(/\n\s+/g, ' ')}]`,
  )}\n`;
}

function jsonSchema(change: (zodSchema: z.core.$ZodType, schema: Schema) => void): Schema {
  return z.toJSONSchema(configSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // zod leaves out the default of whatever also reads older forms.
      const { def } = zodSchema._zod;
      if (def.type === 'default') jsonSchema.default = def.defaultValue;
      change(zodSchema, jsonSchema);
    },
  });
}

/** A text may be written as the number that it looks like, and a list or a block of one as a text. */
function alsoRead(zodSchema: z.core.$ZodType, schema: Schema): string | null {
  const reads = (value: unknown) => z.safeParse(zodSchema, value).success;
  if (schema.type === 'string') return reads(SOME_NUMBER) ? 'number' : null;
  if (schema.type === 'array' || schema.type === 'object')
    return reads(SOME_TEXT) ? 'string' : null;
  return null;
}

function asWritten(schema: Schema): Schema {
  const { properties, required = [], items, additionalProperties } = schema;
  const parts: Schema = { ...schema };
  if (properties) {
    parts.properties = Object.fromEntries(
      Object.entries(properties).map(([key, part]) => {
        const written = value(part as Schema);
        return [key, required.includes(key) ? written : orBlank(written)];
      }),
    );
  }
  if (items) parts.items = value(items as Schema);
  if (typeof additionalProperties === 'object') {
    parts.additionalProperties = orBlank(value(additionalProperties));
  }
  return parts;
}

function value(schema: Schema): Schema {
  const { description, default: standard, ...shape } = asWritten(schema);
  const isAnyText = [shape.type].flat().includes('string') && !shape.enum && !shape.pattern;
  const isWhole = isAnyText || shape.type === 'object' || shape.type === 'array';
  return {
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
    ...(isWhole ? shape : { anyOf: [shape, A_VARIABLE] }),
  };
}

/** A setting that is empty counts as not written. */
function orBlank(schema: Schema): Schema {
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, BLANK] };
  return { ...schema, type: [schema.type, 'null'].flat() as unknown as 'string' };
}

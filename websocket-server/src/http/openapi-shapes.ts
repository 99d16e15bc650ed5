import * as z from 'zod';

/** What the descriptions of the REST API are put together from. */
export type Json = Readonly<Record<string, unknown>>;

export const text = { type: 'string' };
export const maybeText = { type: ['string', 'null'] };
export const maybeNumber = { type: ['number', 'null'] };
export const time = { type: 'integer', description: 'ms since 1970' };
export const maybeTime = { type: ['integer', 'null'], description: 'ms since 1970' };

export function object(properties: Json, rest: Json = {}): Json {
  return { type: 'object', properties, required: Object.keys(properties), ...rest };
}

export function reference(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

export function orNull(schema: Json): Json {
  return { oneOf: [schema, { type: 'null' }] };
}

export function json(description: string, schema: Json): Json {
  return { description, content: { 'application/json': { schema } } };
}

export function body(shape: z.ZodType): Json {
  return { required: true, content: { 'application/json': { schema: schemaOf(shape) } } };
}

export function schemaOf(shape: z.ZodType): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { io: 'input' });
  return schema;
}

/** Answers that every route may give. */
export const refused = { default: json('Refused or failed', reference('Error')) };

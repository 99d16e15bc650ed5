import { InvalidRequest } from '../lib/errors.ts';

const typeNames = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
/** The keywords of JSON Schema whose values are schemas by name, lists of schemas, and schemas. */
const named = ['properties', 'patternProperties', '$defs', 'definitions'];
const listed = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const single = ['items', 'additionalProperties', 'not'];

/**
 * Refuses what no agent could fill in: a type that there is not, a property without a schema. The rest of JSON Schema
 * passes as it is, since the agent reads it as a person would.
 *
 * @throws InvalidRequest with the place and what to write there
 */
export function checkResultSchema(schema: unknown, place = 'resultSchema'): void {
  if (typeof schema === 'boolean' && place !== 'resultSchema') return;
  if (!isObject(schema)) {
    throw new InvalidRequest(`"${place}" must be a JSON Schema, e.g. {"type":"string","description":"…"}.`);
  }
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type];
  for (const type of types) {
    if (!typeNames.includes(type)) {
      throw new InvalidRequest(
        `"${place}.type" is ${JSON.stringify(type)}: JSON Schema knows ${typeNames.join(', ')}.`,
      );
    }
  }
  for (const keyword of named) {
    const schemas = schema[keyword];
    if (schemas === undefined) continue;
    if (!isObject(schemas)) {
      throw new InvalidRequest(`"${place}.${keyword}" must be an object that gives each name a JSON Schema.`);
    }
    for (const [name, part] of Object.entries(schemas)) {
      checkResultSchema(part, `${place}.${keyword}.${name}`);
    }
  }
  for (const keyword of listed) {
    const schemas = schema[keyword];
    if (schemas === undefined) continue;
    if (!Array.isArray(schemas)) {
      throw new InvalidRequest(`"${place}.${keyword}" must be a list of JSON Schemas.`);
    }
    schemas.forEach((part, index) => checkResultSchema(part, `${place}.${keyword}[${index}]`));
  }
  for (const keyword of single) {
    // Before the revision of 2020, "items" could be a list.
    if (isObject(schema[keyword])) checkResultSchema(schema[keyword], `${place}.${keyword}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

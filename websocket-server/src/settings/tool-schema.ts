import { isRecord } from '../lib/is-record.ts';

const longestSchema = 8000;
const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);

/**
 * What is wrong with the JSON Schema of a tool's arguments: voice models take an object at the top and refuse the whole
 * session over a schema that is none.
 *
 * @returns a sentence that says what to change; undefined when it will do
 */
export function schemaProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'Give a JSON Schema as an object, e.g. {"type": "object", "properties": {}}.';
  if (value['type'] !== 'object') return 'The schema must have "type": "object" at its top.';
  if (JSON.stringify(value).length > longestSchema) return `Use at most ${longestSchema} characters of JSON.`;
  return objectProblem(value, '');
}

function objectProblem(schema: Record<string, unknown>, path: string): string | undefined {
  const { properties = {}, required = [] } = schema;
  const where = path === '' ? '' : ` of ${path}`;
  if (!isObject(properties)) return `"properties"${where} must be an object of schemas, by name.`;
  if (!Array.isArray(required) || required.some((name) => typeof name !== 'string')) {
    return `"required"${where} must be a list of names.`;
  }
  const missing = required.find((name: string) => !(name in properties));
  if (missing !== undefined)
    return `"required"${where} names "${missing}", which is not among its properties.`;
  for (const [name, property] of Object.entries(properties)) {
    const problem = propertyProblem(property, path === '' ? name : `${path}.${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function propertyProblem(schema: unknown, path: string): string | undefined {
  if (!isObject(schema)) return `The schema of "${path}" must be an object, e.g. {"type": "string"}.`;
  const { type, items } = schema;
  const named = type === undefined ? [] : [type].flat();
  const odd = named.find((word) => typeof word !== 'string' || !types.has(word));
  if (odd !== undefined) {
    return `"${path}" has the type ${JSON.stringify(odd)}; use one of ${[...types].join(', ')}.`;
  }
  if (named.includes('array') && items !== undefined) {
    const problem = propertyProblem(items, `${path}[]`);
    if (problem !== undefined) return problem;
  }
  return named.includes('object') ? objectProblem(schema, path) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !Array.isArray(value);
}

import { expect, test } from 'vitest';
import { schemaProblem } from './tool-schema.ts';

test.each<[string, unknown]>([
  ['no arguments', { type: 'object', properties: {} }],
  ['a bare object', { type: 'object' }],
  [
    'nested ones',
    {
      type: 'object',
      properties: {
        items: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer' } } } },
        day: { enum: ['Monday', 'Friday'] },
        note: { type: ['string', 'null'] },
      },
      required: ['items'],
    },
  ],
])('a schema of %s will do', (_which, schema) => {
  expect(schemaProblem(schema)).toBeUndefined();
});

test.each<[unknown, string]>([
  ['text', 'as an object'],
  [[], 'as an object'],
  [{ type: 'string' }, '"type": "object" at its top'],
  [{ type: 'object', properties: [] }, '"properties" must be'],
  [{ type: 'object', properties: {}, required: 'day' }, '"required" must be a list'],
  [{ type: 'object', properties: {}, required: ['day'] }, 'names "day"'],
  [{ type: 'object', properties: { day: { type: 'date' } } }, '"day" has the type "date"'],
  [{ type: 'object', properties: { day: 'string' } }, 'The schema of "day"'],
  [
    { type: 'object', properties: { a: { type: 'object', properties: {}, required: ['b'] } } },
    '"required" of a names "b"',
  ],
])('%j is told to be wrong: %s', (schema, words) => {
  expect(schemaProblem(schema)).toContain(words);
});

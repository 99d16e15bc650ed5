import { describe, expect, test } from 'vitest';
import { checkResultSchema } from './result-schema.ts';

const text = { type: 'string', description: 'as they said it' };

test.each([
  [{}],
  [{ type: 'object', properties: { time: text }, required: ['time'], additionalProperties: false }],
  [{ properties: { name: { type: ['string', 'null'] }, any: true } }],
  [{ type: 'object', properties: { type: text, times: { type: 'array', items: text } } }],
  [{ $ref: '#/$defs/slot', $defs: { slot: { anyOf: [text, { type: 'null' }] } } }],
  [{ if: { properties: {} }, else: { required: ['time'] }, items: [text] }],
])('%j is a schema that an agent can fill in', (schema) => {
  expect(() => checkResultSchema(schema)).not.toThrow();
});

describe('a schema that no agent could fill in is refused with its place and what to write there', () => {
  test.each([
    [{ type: 'nonsense' }, '"resultSchema.type" is "nonsense": JSON Schema knows string, number'],
    [{ type: ['string', 7] }, '"resultSchema.type" is 7'],
    [{ properties: { time: 'string' } }, '"resultSchema.properties.time" must be a JSON Schema, e.g.'],
    [{ properties: [text] }, '"resultSchema.properties" must be an object that gives each name'],
    [{ items: { type: 'strin' } }, '"resultSchema.items.type" is "strin"'],
    [{ properties: { slot: { oneOf: [text, null] } } }, '"resultSchema.properties.slot.oneOf[1]" must be'],
    [{ anyOf: text }, '"resultSchema.anyOf" must be a list'],
  ])('%j', (schema, sentence) => {
    expect(() => checkResultSchema(schema)).toThrow(sentence);
  });
});

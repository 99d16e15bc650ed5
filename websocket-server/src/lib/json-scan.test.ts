import { describe, expect, test } from 'vitest';
import { spells, stringField } from './json-scan.ts';

const long = 'QUJD'.repeat(500);

const objects: readonly (readonly [string, string])[] = [
  ['compact', '{"type":"media","delta":"AAAA"}'],
  ['spaced as Python does', '{"type": "media", "delta": "AAAA"}'],
  ['spaced everywhere', ' \r\n\t{ "type" : "media" ,\n "delta"\t:\t"AAAA" } \n'],
  ['the field first', '{"delta":"AAAA","type":"media"}'],
  ['a long field before another', `{"delta":"${long}","type":"media"}`],
  ['a long field last', `{"type":"media","delta":"${long}"}`],
  ['an empty field', '{"delta":"","type":""}'],
  ['nested fields of the same name', '{"a":{"delta":"no","b":[{"type":"no"}]},"delta":"yes","type":"t"}'],
  ['brackets and quotes inside nested strings', '{"a":["]}\\"{",{"b":"}\\\\"}],"delta":"yes","type":"t"}'],
  [
    'numbers, booleans and null before it',
    '{"a":-1.5e+3,"b":true,"c":null,"d" : 0 ,"delta":"yes","type":"t"}',
  ],
  ['empty containers before it', '{"a":{},"b":[],"c":[[],{}],"delta":"yes","type":"t"}'],
  ['escapes in another field', `{"a":"\\"delta\\":\\"no\\"\\\\","delta":"yes","type":"t"}`],
  [
    'escaped quotes in a long other field',
    `{"a":"${long}\\\\\\"delta\\":${long}\\\\","delta":"yes","type":"t"}`,
  ],
  [
    'an escape across the end of the short search',
    `{"a":"${'x'.repeat(63)}\\"delta","delta":"yes","type":"t"}`,
  ],
  ['names that begin alike', '{"delta_index":"no","delt":"no","delta":"yes","type":"t"}'],
  ['words that are not ASCII', '{"a":"für 50 € 🎉","delta":"ü","type":"t"}'],
  ['an empty object', '{}'],
];

describe('stringField finds what JSON.parse finds', () => {
  test.each(objects)('%s', (_, text) => {
    const parsed = JSON.parse(text) as Record<string, unknown>;
    for (const name of ['delta', 'type', 'absent']) {
      expect(stringField(Buffer.from(text), name)?.toString()).toBe(parsed[name]);
    }
  });
});

const unreadable: readonly (readonly [string, string])[] = [
  ['an escape in the value', '{"delta":"AA\\/A"}'],
  ['an escape late in a long value', `{"delta":"${long}\\/"}`],
  ['a number', '{"delta":5}'],
  ['null', '{"delta":null}'],
  ['an object', '{"delta":{"delta":"no"}}'],
  ['an escaped name', '{"\\u0064elta":"AAAA"}'],
  ['an array', '["delta","AAAA"]'],
  ['a string', '"delta"'],
  ['nothing', ''],
  ['white space', '  '],
  ['an unclosed value', '{"delta":"AAAA'],
  ['an unclosed value that ends in an escape', '{"delta":"AAAA\\"'],
  ['an unclosed name', '{"delta'],
  ['a name without a value', '{"delta"'],
  ['an unclosed object before it', '{"a":{"b":1,"delta":"AAAA"'],
  ['an unclosed string in an object before it', '{"a":{"b":"1,}'],
  ['a missing colon', '{"a" "b","delta":"AAAA"}'],
  ['a missing comma', '{"a":"b" "delta":"AAAA"}'],
  ['bytes that are no text', '\u0000\u00ff{"delta":"AAAA"}'],
];

describe('stringField has no answer to', () => {
  test.each(unreadable)('%s', (_, text) => {
    expect(stringField(Buffer.from(text), 'delta')).toBeUndefined();
  });
});

test('stringField never throws and always ends, wherever a message is cut off', () => {
  for (const [, text] of objects) {
    const whole = Buffer.from(text);
    const { type } = JSON.parse(text) as { type?: string };
    for (let length = 0; length < Math.min(whole.length, 300); length += 1) {
      const found = stringField(whole.subarray(0, length), 'type');
      expect([undefined, type]).toContain(found?.toString());
    }
  }
});

test('stringField gives a view of the message, not a copy', () => {
  const message = Buffer.from('{"delta":"AAAA"}');
  expect(stringField(message, 'delta')?.buffer).toBe(message.buffer);
});

test('spells compares bytes with ASCII text', () => {
  expect(spells(Buffer.from('item_1'), 'item_1')).toBe(true);
  expect(spells(Buffer.from('item_1'), 'item_2')).toBe(false);
  expect(spells(Buffer.from('item_1'), 'item_')).toBe(false);
  expect(spells(Buffer.from('"item_1"'), 'item_1', 1, 7)).toBe(true);
  expect(spells(Buffer.from(''), '')).toBe(true);
});

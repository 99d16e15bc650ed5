import { expect, test } from 'vitest';
import { jsonFaultIn } from './json-fault.ts';

test.each([
  ['a comma behind the last entry', '{\n  "a": 1,\n}', 3, 1],
  ['a comma that is missing', '{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['a name without quotes', '{ a: 1 }', 1, 3],
  ['single quotes', "{\n  'a': 1 }", 2, 3],
  ['a comment', '{\n  // why\n  "a": 1 }', 2, 3],
  ['a bracket of the wrong kind', '{"a": [1, 2}', 1, 12],
  ['an end that is missing', '{"a": {\n"b": 1', 2, 7],
  ['a string that is not closed', '["a", "b]', 1, 7],
  ['a line break in a string', '{"a": "b\nc"}', 1, 7],
  ['more behind the end', '{"a": 1}\n{}', 2, 1],
  ['a number that is none', '[01]', 1, 2],
  ['a word that is none', '{"a": True}', 1, 7],
  ['nothing at all', '', 1, 1],
])('%s is found where it is', (_, text, line, column) => {
  expect(() => void JSON.parse(text)).toThrow(SyntaxError);
  expect(jsonFaultIn(text)).toEqual({ line, column });
});

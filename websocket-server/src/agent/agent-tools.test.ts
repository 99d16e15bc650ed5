import { expect, test } from 'vitest';
import { readToolUse } from './agent-tools.ts';

const time = { value: '19:30', status: 'stated', quote: 'half past seven' };

test.each<[string, unknown]>([
  ['a list', [{ name: 'time', ...time }, null, 'odd', { value: 'nameless' }]],
  ['an object by their names', { time }],
])('values that the agent reports as %s are kept', (_how, entities) => {
  const given = JSON.stringify({ status: 'confirmed', summary: 'Done.', entities });
  expect(readToolUse('report_outcome', given)).toEqual({
    kind: 'report-outcome',
    report: { status: 'confirmed', summary: 'Done.', entities: { time } },
  });
});

test('a bare value that the agent reports by its name is inferred', () => {
  const given = JSON.stringify({ status: 'confirmed', entities: { price: 12 } });
  expect(readToolUse('report_outcome', given)).toMatchObject({
    report: { entities: { price: { value: 12, status: 'inferred', quote: null } } },
  });
});

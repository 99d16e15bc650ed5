import { expect, test } from 'vitest';
import { noLoudness } from '../../live/call-loudness.ts';
import { loudnessColumns } from './loudness-columns.ts';

const piece = (fromAt: number, person: string) => ({
  fromAt,
  stepMs: 200,
  person,
  agent: 'A'.repeat(person.length),
});
const of = (...kept: ReturnType<typeof piece>[]) => ({ ...noLoudness, kept });

test.each([
  ['a step a column', of(piece(0, 'fAfA')), { columns: 4, lengthMs: 800 }, [1, 0, 1, 0]],
  ['the loudest of several steps', of(piece(0, 'AfAA')), { columns: 2, lengthMs: 800 }, [1, 0]],
  ['a step over several columns', of(piece(0, 'fA')), { columns: 4, lengthMs: 400 }, [1, 1, 0, 0]],
  ['what begins later', of(piece(400, 'ff')), { columns: 4, lengthMs: 800 }, [0, 0, 1, 1]],
  ['the noise of a line is silence', of(piece(0, 'HHff')), { columns: 4, lengthMs: 800 }, [0, 0, 1, 1]],
  ['the loudest there is fills it', of(piece(0, 'AVAA')), { columns: 4, lengthMs: 800 }, [0, 1, 0, 0]],
  ['what lies beyond the end', of(piece(600, 'ffff')), { columns: 4, lengthMs: 800 }, [0, 0, 0, 1]],
  ['what lies before the beginning', of(piece(-400, 'ffAA')), { columns: 2, lengthMs: 400 }, [0, 0]],
])('%s is drawn in its columns', (_, loudness, time, columns) => {
  expect(loudnessColumns(loudness, 'person', { fromAt: 0, ...time })).toEqual(columns);
});

test('each party is drawn by itself', () => {
  expect(loudnessColumns(of(piece(0, 'ff')), 'agent', { fromAt: 0, columns: 2, lengthMs: 400 })).toEqual([
    0, 0,
  ]);
});

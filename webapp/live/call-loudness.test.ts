import { expect, test } from 'vitest';
import { foldLoudness, noLoudness } from './call-loudness.ts';

const heard = (fromAt: number, person: string) =>
  ({
    type: 'loudness-heard',
    callId: 'a',
    fromAt,
    stepMs: 200,
    person,
    agent: 'A'.repeat(person.length),
  }) as const;
const noted = (fromAt: number, person: string) =>
  ({ ...heard(fromAt, person), type: 'loudness-noted', sequence: 9, at: 0 }) as const;

test.each([
  ['what follows is joined', [heard(0, 'BC'), heard(400, 'DE')], ['', 'BCDE']],
  ['what comes after a pause stands apart', [heard(0, 'BC'), heard(800, 'DE')], ['', 'BC|DE']],
  ['what is told twice counts once', [heard(0, 'BC'), heard(0, 'BC')], ['', 'BC']],
  ['what is kept stands for what was told', [heard(0, 'BC'), noted(0, 'BC')], ['BC', '']],
  ['what was told since is left', [heard(0, 'BC'), heard(800, 'DE'), noted(0, 'BC')], ['BC', 'DE']],
  ['what is kept already is not told again', [noted(0, 'BCDE'), heard(400, 'DE')], ['BCDE', '']],
] as const)('%s', (_, told, [kept, latest]) => {
  const loudness = [...told].reduce(foldLoudness, noLoudness);
  const texts = (pieces: typeof loudness.kept) => pieces.map(({ person }) => person).join('|');
  expect([texts(loudness.kept), texts(loudness.latest)]).toEqual([kept, latest]);
});

test('an event of something else changes nothing', () => {
  const event = { type: 'call-ringing', callId: 'a', sequence: 3, at: 0 } as const;
  expect(foldLoudness(noLoudness, event)).toBe(noLoudness);
});

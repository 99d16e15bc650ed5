import { expect, test } from 'vitest';
import { systemRuntime } from '../lib/system-runtime.ts';
import { silentLog } from '../lib/log.ts';
import { InboundDesk } from './inbound-desk.ts';

const everybody = { allowedCallers: [], blockedCallers: [] };

test.each<[string, object, boolean]>([
  ['everybody, where nothing is listed', everybody, true],
  ['a listed number', { allowedCallers: ['+14155550100'] }, true],
  ['a number of a listed range', { allowedCallers: ['+1415*'] }, true],
  ['nobody who is not listed', { allowedCallers: ['+49*'] }, false],
  ['no blocked number', { blockedCallers: ['+14155550100'] }, false],
  [
    'no blocked number, though it is allowed',
    { allowedCallers: ['+1415*'], blockedCallers: ['+1415555*'] },
    false,
  ],
])('calls are taken from %s', (_who, lists, isTaken) => {
  const settings = { ...everybody, lines: {}, callbackDays: 0, ...lists };
  const store = { lastDialed: () => Promise.resolve(undefined) };
  const desk = new InboundDesk(settings, store, systemRuntime(silentLog).clock);
  expect(desk.takes('+14155550100')).toBe(isTaken);
});

test('a hidden number is taken only where nobody is listed', () => {
  const store = { lastDialed: () => Promise.resolve(undefined) };
  const { clock } = systemRuntime(silentLog);
  const of = (allowedCallers: string[]) =>
    new InboundDesk({ ...everybody, lines: {}, callbackDays: 0, allowedCallers }, store, clock);
  expect(of([]).takes('anonymous')).toBe(true);
  expect(of(['+1*']).takes('anonymous')).toBe(false);
});

import { expect, test } from 'vitest';
import { foldCall } from '../../websocket-server/src/call/fold-call.ts';
import { requested } from '../test/happenings.ts';
import { filterQuery, isNarrowed, isWanted, noFilter } from './call-filter.ts';

const booking = requested({ to: '+14155550101', goal: 'Book a table' });
const call = foldCall(undefined, Object.assign({ callId: 'c', sequence: 1, at: 1 }, booking));

test.each([
  [{}, true],
  [{ search: ' TABLE ' }, true],
  [{ search: '0101' }, true],
  [{ search: '+1 (415) 555' }, true],
  [{ search: '555 chairs' }, false],
  [{ state: 'live' }, true],
  [{ state: 'failed' }, false],
  [{ direction: 'inbound' }, false],
] as const)('a queued call to +14155550101 for a table is let through by %j: %s', (filter, expected) => {
  expect(isWanted(call, { ...noFilter, ...filter })).toBe(expected);
});

test('only what is set is asked of the server', () => {
  expect(filterQuery(noFilter)).toEqual({});
  expect(isNarrowed({ ...noFilter, search: '  ' })).toBe(false);
  expect(filterQuery({ search: ' a ', state: 'live', direction: 'inbound' })).toEqual({
    search: 'a',
    state: 'queued,dialing,ringing,connected',
    direction: 'inbound',
  });
});

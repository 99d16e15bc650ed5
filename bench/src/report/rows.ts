import type { CrowdFigures } from '../crowd/crowd.ts';
import type { Figures } from './figures.ts';

/** One line of the report. */
export interface Row {
  readonly name: string;
  readonly value: (figures: Figures) => number;
  readonly digits: number;
  /** Worth comparing with the yardstick, and drawing. */
  readonly isCompared: boolean;
}

const kilobytes = 1000;
const megabytes = 1_000_000;

const row = (name: string, digits: number, value: Row['value']): Row => ({
  name,
  value,
  digits,
  isCompared: true,
});
const plain = (name: string, digits: number, value: Row['value']): Row => ({
  name,
  value,
  digits,
  isCompared: false,
});

export const rows: readonly Row[] = [
  row('CPU s per call-minute', 3, (figures) => figures.cpuPerCallMinute),
  row('person → model p50, ms', 2, ({ upMs }) => upMs.p50),
  row('person → model p99, ms', 2, ({ upMs }) => upMs.p99),
  plain('person → model p99.9, ms', 2, ({ upMs }) => upMs.p999),
  row('model → person p50, ms', 2, ({ downMs }) => downMs.p50),
  row('model → person p99, ms', 2, ({ downMs }) => downMs.p99),
  plain('model → person p99.9, ms', 2, ({ downMs }) => downMs.p999),
  row('barge-in → clear p50, ms', 2, ({ bargeInMs }) => bargeInMs.p50),
  plain('barge-in → clear p99, ms', 2, ({ bargeInMs }) => bargeInMs.p99),
  plain('barge-in → clear max, ms', 2, ({ bargeInMs }) => bargeInMs.max),
  plain('start → first audio at the model p50, ms', 1, ({ startToAppendMs }) => startToAppendMs.p50),
  plain('dial → first audio at the model p50, ms', 1, ({ dialToAppendMs }) => dialToAppendMs.p50),
  plain('CPU of setting up a call, ms', 1, (figures) => figures.cpuMsPerSetUp),
  plain('memory idle, MB', 0, (figures) => figures.idleBytes / megabytes),
  plain('memory per call, kB', 0, (figures) => figures.bytesPerCall / kilobytes),
  plain('memory over idle after hang-up, MB', 0, (figures) => figures.keptBytes / megabytes),
];

const crowdRow = (name: string, digits: number, value: (crowd: CrowdFigures) => number): Row =>
  plain(name, digits, ({ crowd }) => (crowd === undefined ? Number.NaN : value(crowd)));

/** Of connections that lead nowhere: the worst of all rounds. */
export const crowdRows: readonly Row[] = [
  crowdRow('connections that lead nowhere', 0, ({ arrived }) => arrived),
  crowdRow('all of them came within, s', 1, ({ arrivedMs }) => arrivedMs / 1000),
  crowdRow('all of them shed after, s', 1, ({ shedMs }) => shedMs / 1000),
  crowdRow('kept for longer than a minute', 0, ({ left }) => left),
  crowdRow('slowest answer of /healthz, ms', 0, ({ healthzMs }) => healthzMs),
  crowdRow('open files before', 0, ({ filesBefore }) => filesBefore),
  crowdRow('open files at most', 0, ({ filesMost }) => filesMost),
  crowdRow('open files after', 0, ({ filesAfter }) => filesAfter),
  crowdRow('memory before, MB', 0, ({ bytesBefore }) => bytesBefore / megabytes),
  crowdRow('memory at most, MB', 0, ({ bytesMost }) => bytesMost / megabytes),
  crowdRow('memory after, MB', 0, ({ bytesAfter }) => bytesAfter / megabytes),
];

/** What must be 0, in words. */
export const faultNames: Readonly<Record<string, string>> = {
  unconnectedCalls: 'calls that got no audio through',
  lostBeforeFirstMs: 'lost before the first, ms of speech',
  lostUp: 'lost person → model, pieces of 20 ms',
  lostDown: 'lost model → person, pieces of 20 ms',
  doubled: 'doubled',
  reordered: 'reordered',
  mixed: "another call's",
  stale: 'stale: after clear, or of a cancelled response',
  madeUp: 'made up to fill gaps',
  missedClears: 'barge-ins without clear',
  needlessClears: 'clears without barge-in',
  extraModelSessions: 'model sessions beyond one a call',
  brokenCalls: 'calls that the server ended or lost',
  leakedSessions: 'model sessions left open after hang-up',
};

export function formatted(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}

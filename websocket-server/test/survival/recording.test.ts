import { plays, says, scripted } from '@mcp-telephone/simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { ruler } from '../stories/sounds.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { Stallable } from './stallable.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let house: House | undefined;
let wayToCarrier: Stallable | undefined;
afterEach(async () => {
  await house?.close();
  await wayToCarrier?.close();
});

/** A call that the carrier has just begun to record: its answer, which says so, is held back. */
async function justRecorded() {
  house = await openHouse(async ({ network }) => {
    wayToCarrier = await Stallable.to(Number(new URL(network.url).port));
    return { TWILIO_API_BASE_URL: `http://127.0.0.1:${wayToCarrier.port}`, RECORD_CALLS: 'on' };
  });
  const callId = await house.place({
    record: true,
    agent: scripted([says('This call is recorded.')], [plays(ruler('a', 60_000), 'on and on')]),
  });
  await house.until(callId, ({ call }) => call.carrierCallId !== null);
  const [line] = house.peers.network.calls;
  if (line === undefined) throw new Error('no call was dialed');
  await line.person.hears({ words: /This/u });
  wayToCarrier?.stalls('answers');
  await line.until(() => line.recordings[0], 'the recording');
  expect((await house.read(callId)).call.recording).toBeNull();
  return { house, callId, line };
}

test('a recording of which the carrier could not tell that it has begun is found all the same', async () => {
  const { house, callId, line } = await justRecorded();
  wayToCarrier?.breaksOff();
  const { call } = await house.until(callId, (reading) => reading.call.recording !== null);
  expect(call.recording?.recordingId).toBe(line.recordings[0]?.sid);
  line.person.hangsUp();
  await expect.poll(() => line.recordings[0]?.isDeleted, { timeout: 30_000 }).toBe(true);
});

test('a recording that the carrier began in the instant of a kill is found at the next start, fetched, and deleted there', async () => {
  const { house, callId, line } = await justRecorded();
  await house.server.ends('SIGKILL');
  wayToCarrier?.flows();
  await house.restart();
  const [recording] = line.recordings;
  const { call } = await house.until(callId, (reading) => reading.call.endedAt !== null);
  const startedAt = Math.floor(Number(recording?.startedAt) / 1000) * 1000;
  expect(call.recording).toEqual({ recordingId: recording?.sid, storage: 'local', startedAt });
  await expect.poll(() => recording?.isDeleted, { timeout: 30_000 }).toBe(true);
  const served = await fetch(`${house.server.url}/api/calls/${callId}/recording`);
  expect([served.status, served.headers.get('content-type')]).toEqual([200, 'audio/wav']);
});

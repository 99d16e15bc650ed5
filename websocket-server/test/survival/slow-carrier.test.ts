import { plays, scripted } from '@mcp-telephone/simulator';
import { afterEach, expect, test } from 'vitest';
import { saying } from '../stories/sounds.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';
import { Stallable } from './stallable.ts';

let house: House;
let way: Stallable;
afterEach(async () => {
  await house.close();
  await way.close();
}, 30_000);

test(
  'a cancel is answered while the carrier takes its time to hang up, which it is asked for once',
  { timeout: 120_000 },
  async () => {
    house = await openHouse(async ({ network }) => {
      way = await Stallable.to(Number(new URL(network.url).port));
      return { TWILIO_API_BASE_URL: `http://127.0.0.1:${way.port}` };
    });
    const callId = await house.place({ agent: scripted([plays(saying('blah', 60_000), 'blah')]) });
    await house.until(callId, ({ call }) => call.state === 'connected');
    way.stalls();
    const cancel = async () => {
      const answer = await fetch(`${house.server.url}/api/calls/${callId}/cancel`, { method: 'POST' });
      return answer.json();
    };
    const canceling = { state: 'connected', endingReason: { by: 'owner', why: 'canceled' } };
    expect(await cancel()).toMatchObject({ wasOpen: true, call: canceling });
    expect(await cancel()).toMatchObject({ wasOpen: true, call: canceling });
    way.flows();
    const { call } = await house.until(callId, (reading) => reading.call.endedAt !== null);
    expect(call).toMatchObject({ state: 'canceled', endReason: { by: 'owner', why: 'canceled' } });
    const [line] = house.peers.network.calls;
    expect(line?.endedBy).toBe('api');
    const asked = house.peers.network.requests.filter(({ params }) => params['Status'] === 'completed');
    expect(asked).toHaveLength(1);
  },
);

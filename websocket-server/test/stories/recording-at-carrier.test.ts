import { says, scripted } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { setStage } from './stage.ts';

const { stage, story } = setStage({ environment: { RECORD_CALLS: 'on', RECORDING_STORAGE: 'carrier' } });

story(
  'a recording that is to stay at the carrier stays there, and the call tells where',
  async ({ place }) => {
    const call = await place({ record: true, agent: scripted([says('Hello, this call is recorded.')]) });
    await call.connected();
    const { recordingId } = await call.reaches('recording-started');
    call.person.hangsUp();
    await call.ended();
    await call.line.settled();
    const { url, peers } = stage();
    const record = await (await fetch(`${url}/api/calls/${call.callId}`)).json();
    expect(record).toMatchObject({ call: { recording: { recordingId, storage: 'carrier' } } });
    const served = await fetch(`${url}/api/calls/${call.callId}/recording`);
    expect(served.status).toBe(404);
    expect(await served.json()).toMatchObject({
      error: {
        message: expect.stringMatching(new RegExp(`left at the carrier \\(twilio\\), as ${recordingId}`)),
      },
    });
    expect(call.line.recordings).toMatchObject([{ sid: recordingId, isDeleted: false }]);
    const asked = peers.network.requests.filter(({ path }) => path.includes(`/Recordings/${recordingId}`));
    expect(asked).toEqual([]);
  },
);

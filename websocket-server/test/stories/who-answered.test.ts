import { callsTool, personasByLastDigits, says, scripted } from '@mcp-telephone/simulator';
import type { Brain, CallFaults } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { asCarrier, postWebhook } from './carrier-wire.ts';
import { saying } from './sounds.ts';
import { picksUp, setStage } from './stage.ts';
import { scriptOf, spokenIn } from './staged-call.ts';
import type { StagedCall } from './staged-call.ts';

const { stage, story } = setStage({ atOnce: 6 });

const message = 'This is for Sam. Please call Smith back about the table.';

/** What the carrier was asked when it dialed. */
function dialing(call: StagedCall) {
  const { requests } = stage().peers.network;
  return requests.find(({ path, params }) => path.endsWith('/Calls.json') && params['To'] === call.line.to)
    ?.params;
}

function detected(call: StagedCall, answeredBy: string): Promise<Response> {
  const form = { CallSid: call.line.sid, AccountSid: stage().peers.accountSid, AnsweredBy: answeredBy };
  return postWebhook(asCarrier(stage()), `/amd?call=${call.callId}`, form);
}

const troubles: Record<string, CallFaults['detection'] & object> = {
  'in time': {},
  late: { lateByMs: 6000 },
  never: { isMissing: true },
  'wrongly, as a human,': { answeredBy: 'human' },
};

story.concurrent.for(Object.entries(troubles))(
  'a voicemail that the carrier tells %s gets one message, after its beep and to its last word',
  async ([, detection], { place }) => {
    const call = await place({
      goal: `Tell Sam to call back`,
      voicemail: { action: 'leave_message', message },
      digits: '0106',
      faults: { detection },
    });
    const { call: record } = await call.ended();
    expect(dialing(call)).toMatchObject({ MachineDetection: 'DetectMessageEnd', AsyncAmd: 'true' });
    // A machine that begins late may hear the beginning of a greeting before it.
    expect(call.line.heardWords.endsWith(message)).toBe(true);
    const beep = call.model.audio.captions.findIndex(({ text }) => text === 'beep');
    expect(beep).toBeGreaterThan(0);
    expect(record).toMatchObject({
      answeredBy: 'voicemail',
      isMessageLeft: true,
      endReason: { by: 'agent', why: 'voicemail', message: 'A voicemail answered, and a message was left.' },
      outcome: { status: 'voicemail', entities: { message_left: { value: true, quote: message } } },
    });
  },
);

story.concurrent(
  'a message is broken off for the human who picks up, and the errand goes on with them',
  async ({ place }) => {
    const long =
      'This is a message for Sam from Smith. Please call me back about the table on Friday, at any time before six in the evening, at the number that you know. Please tell me, too, whether the terrace is open.';
    const call = await place({
      goal: 'Book a table for 2 on Friday at 7:30pm, by voicemail if need be',
      context: { name: 'Smith', party_size: 2, day: 'Friday', time: '7:30pm' },
      voicemail: { action: 'leave_message', message: long },
      digits: '0114',
    });
    const { call: record, transcript } = await call.ended(90_000);
    const reading = { call: record, transcript };
    expect(scriptOf(reading).join('\n')).toMatch(/agent: This is a message[^]*person: Hello\? Hello/u);
    const message = spokenIn(reading).find(({ text }) => text.startsWith('This is a message'));
    expect(message).toMatchObject({ speaker: 'agent', isInterrupted: true });
    expect(call.line.heardWords).not.toContain('terrace is open');
    expect(call.sessions).toHaveLength(1);
    expect(record).toMatchObject({
      state: 'completed',
      answeredBy: 'human',
      isMessageLeft: false,
      endReason: { by: 'agent', why: 'said_goodbye' },
      outcome: { status: 'confirmed' },
    });
  },
);

story.concurrent(
  'a message that noise on the line cuts off is said again whole before it counts as left',
  async ({ place }) => {
    const begun = 'This is for Sam. Please call';
    const agent: Brain = {
      foresees: () => [message, begun],
      respond: ({ responseInstructions: asked = '' }) => {
        if (asked.includes('from its first word')) return [says(message)];
        if (asked.includes('After the beep')) return [says(begun, { lastingMs: 12_000 })];
        return [callsTool('who_answered', { answerer: 'voicemail' })];
      },
    };
    const call = await place({
      voicemail: { action: 'leave_message', message },
      faults: { detection: { isMissing: true } },
      agent,
    });
    await call.connected();
    await call.person.says('Leave a message after the beep.');
    await call.reaches('answerer-identified');
    await detected(call, 'machine_end_beep');
    await call.person.hears({ words: /This is for/u });
    await call.person.plays(saying('noise', 600));
    const reading = await call.ended();
    expect(call.line.heardWords.endsWith(message)).toBe(true);
    expect(scriptOf(reading).at(-1)).toBe(`agent: ${message}`);
    expect(reading.call).toMatchObject({
      isMessageLeft: true,
      endReason: { why: 'voicemail', message: 'A voicemail answered, and a message was left.' },
      outcome: { entities: { message_left: { value: true, quote: message } } },
    });
  },
);

story.concurrent('a voicemail is hung up on where no message is wanted', async ({ place }) => {
  const call = await place({ goal: 'Book a table, but not by voicemail', digits: '0106' });
  const { call: record } = await call.ended();
  expect(dialing(call)).toMatchObject({ MachineDetection: 'Enable' });
  expect(record).toMatchObject({
    answeredBy: 'voicemail',
    isMessageLeft: false,
    endReason: { by: 'agent', why: 'voicemail' },
    outcome: { status: 'voicemail', entities: { message_left: { value: false } } },
  });
});

story.concurrent(
  'a machine that only the carrier knows is hung up on once it is quiet',
  async ({ place }) => {
    const call = await place({ agent: scripted([]), person: { ...picksUp(), isMachine: true } });
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ answeredBy: 'voicemail', endReason: { by: 'agent', why: 'voicemail' } });
    expect(call.line.heardWords).toBe('');
  },
);

story.concurrent(
  'a human whom the carrier takes for a machine is talked to all the same',
  async ({ place }) => {
    const call = await place({
      agent: scripted(
        [says('Hello, how are you?')],
        [callsTool('who_answered', { answerer: 'human' })],
        [says('I am glad to hear it.')],
        [says('Thank you, goodbye.'), callsTool('end_call', { reason: 'done' })],
      ),
    });
    await call.connected();
    await call.person.hears({ words: /how are you\?/u });
    await call.reaches('turn-ended');
    await detected(call, 'machine_start');
    await call.person.says('I am very well, thank you.');
    await call.person.hears({ words: /glad to hear it\./u });
    await detected(call, 'machine_end_beep');
    await call.person.says('Is there anything else?');
    const { call: record } = await call.ended();
    expect(record).toMatchObject({ answeredBy: 'human', endReason: { why: 'said_goodbye' } });
  },
);

story.concurrent('the agent’s first words do not wait for a verdict that is late', async ({ place }) => {
  const call = await place({
    agent: scripted([says('Hello there.')]),
    faults: { detection: { lateByMs: 60_000 } },
  });
  await call.connected();
  await call.person.hears({ words: /there/u });
  expect(dialing(call)).toMatchObject({ AsyncAmd: 'true' });
  expect(call.events.map(({ type }) => type)).not.toContain('answerer-identified');
});

story.concurrent('a phone menu and call screening are told from a voicemail', async ({ place }) => {
  const [menu, screening] = await Promise.all(
    ['0107', '0111'].map((digits) => place({ goal: `Ask ${digits} for the opening hours`, digits })),
  );
  if (menu === undefined || screening === undefined) throw new TypeError('no calls');
  await screening.connected();
  await screening.line.until(() => screening.line.answeredBy, 'a verdict', 20_000);
  const seen = await Promise.all([menu.ended(90_000), screening.ended(90_000)]);
  expect(seen.map(({ call }) => call.endReason?.why)).toEqual(['said_goodbye', 'said_goodbye']);
  expect(seen.map(({ call }) => call.answeredBy)).toEqual(['menu', 'screening']);
  expect(screening.line.heardWords).toMatch(/AI assistant calling/u);
  expect(personasByLastDigits['0111']?.isMachine).toBe(true);
});

story.concurrent('a fax is hung up on, and says so', async ({ place }) => {
  const call = await place({ agent: scripted([]), faults: { detection: { answeredBy: 'fax' } } });
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ answeredBy: 'fax', endReason: { by: 'agent', why: 'fax' } });
  expect((await detected(call, 'human')).status).toBe(204);
  expect((await call.reading()).call).toEqual(record);
});

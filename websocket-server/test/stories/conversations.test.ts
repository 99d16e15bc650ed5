import { beforeAll, expect } from 'vitest';
import { friendlyBusiness, personasByLastDigits } from '@mcp-telephone/simulator';
import type { CallReading } from '../../src/control/call-control.ts';
import { setStage } from './stage.ts';
import { scriptOf, spokenIn } from './staged-call.ts';
import type { StagedCall } from './staged-call.ts';

// The longest stories come first, so that the short ones fill the gaps.
const { stage, story } = setStage({ atOnce: 8 });

// Nobody picks up and then looks for the words.
beforeAll(async () => {
  const people = [friendlyBusiness, ...Object.values(personasByLastDigits)];
  const { speech } = stage().peers;
  await speech.prepare(people.flatMap(({ sayings, voice }) => sayings.map((text) => ({ text, voice }))));
});

const table = {
  goal: 'Book a table for 2 on Friday at 7:30pm',
  context: { name: 'Smith', party_size: 2, day: 'Friday', time: '7:30pm' },
};

/** Words only, so that a full stop or a capital does not hide them. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The agent said goodbye, the person heard it to its last word, and only then the agent hung up. */
function expectGoodbye(call: StagedCall, reading: CallReading): void {
  expect(reading.call).toMatchObject({ state: 'completed', endReason: { by: 'agent', why: 'said_goodbye' } });
  const last = spokenIn(reading).findLast(({ speaker }) => speaker === 'agent');
  expect(last).toMatchObject({ isInterrupted: false });
  expect(last?.text).toMatch(/goodbye/iu);
  expect(plain(call.line.heardWords)).toContain(plain(last?.text ?? ''));
  expect(call.line.endedBy).toBe('api');
}

/** Every quote of the outcome stands in the turn that it names. */
function expectTrueQuotes({ call, transcript }: CallReading): void {
  const quoted = Object.values(call.outcome?.entities ?? {}).filter(({ quote }) => quote !== null);
  expect(quoted.length).toBeGreaterThan(0);
  for (const { quote, turn } of quoted) {
    const said = transcript[turn ?? -1];
    expect(said?.speaker).toBe('person');
    expect(plain(said !== undefined && 'text' in said ? said.text : '')).toContain(plain(quote ?? ''));
  }
}

/** A machine that begins late may hear the beginning of a greeting, but no more. */
function isWholeAgentTurn({ speaker, isInterrupted }: ReturnType<typeof spokenIn>[number]): boolean {
  return speaker === 'agent' && !isInterrupted;
}

function toolsUsed({ transcript }: CallReading): string[] {
  return transcript.flatMap((turn) => (turn.speaker === 'tool' ? [turn.name] : []));
}

story.concurrent(
  'a phone menu of two levels leads to a person, by keys and without talk',
  async ({ place }) => {
    const call = await place({
      ...table,
      goal: 'Book a table for 2 on Friday at 7:30pm by the menu',
      digits: '0107',
    });
    const reading = await call.ended(90_000);
    expectGoodbye(call, reading);
    const pressed = call.events.flatMap((event) => (event.type === 'digits-pressed' ? [event.digits] : []));
    expect(pressed).toEqual(['2', '0']);
    expect(call.line.streams).toHaveLength(3);
    const turns = spokenIn(reading);
    const human = turns.findIndex(({ text }) => text.includes('Sam speaking'));
    expect(turns.slice(0, human).filter(isWholeAgentTurn)).toEqual([]);
    expect(reading.call.outcome?.status).toBe('confirmed');
  },
);

story.concurrent('an agent on hold is silent as long as the music plays, then goes on', async ({ place }) => {
  const call = await place({
    ...table,
    goal: 'Book a table for 2 on Friday at 7:30pm after the music',
    digits: '0110',
  });
  await call.connected();
  const { line, model } = call;
  const hears = (name: string) => model.audio.captions.some(({ text }) => text === name) || undefined;
  await line.until(() => hears('hold-music'), 'hold music at the model', 30_000);
  const before = line.receivedAudio.bytes;
  await line.until(() => hears('Sam'), 'a human after the music', 60_000);
  expect(line.receivedAudio.bytes).toBe(before);
  const reading = await call.ended(90_000);
  expectGoodbye(call, reading);
  expect(toolsUsed(reading)).toContain('stay_silent');
  expect(reading.call.outcome?.status).toBe('confirmed');
});

story.concurrent(
  'an agent that is screened says who it is and why it calls, and is put through',
  async ({ place }) => {
    const call = await place({
      ...table,
      goal: 'Book a table for 2 on Friday at 7:30pm past the screen',
      digits: '0111',
    });
    const reading = await call.ended(90_000);
    expectGoodbye(call, reading);
    const script = scriptOf(reading).join('\n');
    expect(script).toMatch(
      /person: .*call screening[\s\S]*agent: This is an AI assistant calling[\s\S]*Sam speaking/u,
    );
    expect(reading.call.outcome?.status).toBe('confirmed');
  },
);

story.concurrent(
  'an agent that is talked over stops, listens, and gets there all the same',
  async ({ place }) => {
    const call = await place({
      ...table,
      goal: 'Book a table for 2 on Friday at 7:30pm, patiently',
      digits: '0109',
    });
    const reading = await call.ended(90_000);
    expectGoodbye(call, reading);
    expect(call.events.filter(({ type }) => type === 'barge-in').length).toBeGreaterThanOrEqual(1);
    expect(spokenIn(reading).some(({ isInterrupted }) => isInterrupted)).toBe(true);
    expect(call.line.received.filter(({ event }) => event === 'clear').length).toBeGreaterThanOrEqual(1);
    expect(reading.call.outcome?.status).toBe('confirmed');
  },
);

story.concurrent('a restaurant that is full offers another time, which is taken', async ({ place }) => {
  const call = await place({
    ...table,
    goal: `${table.goal}. Half an hour or an hour later is fine too.`,
    digits: '0102',
  });
  const reading = await call.ended(90_000);
  expectGoodbye(call, reading);
  expectTrueQuotes(reading);
  expect(reading.call.outcome?.status).toBe('confirmed');
  expect(reading.call.outcome?.entities['time']?.value).toMatch(/8:30/u);
  expect(scriptOf(reading).join('\n')).toMatch(/person: .*fully booked[\s\S]*agent: Yes, 8:30/u);
});

story.concurrent(
  'a booking is asked for, confirmed, read back, and reported with the words that prove it',
  async ({ place }) => {
    const call = await place({ ...table, digits: '0101' });
    const reading = await call.ended(90_000);
    expectGoodbye(call, reading);
    expectTrueQuotes(reading);
    expect(reading.call.outcome).toMatchObject({
      status: 'confirmed',
      entities: { confirmation_number: { value: '4712', status: 'stated' } },
    });
    const script = scriptOf(reading).join('\n');
    expect(script).toMatch(/^person: .*Parkside, Sam speaking/mu);
    expect(script).toMatch(
      /^agent: .*calling for my client.*Friday at 7:30[^]*^person: .*confirmation number is 4 7 1 2[^]*^agent: .*confirmation number 4712/mu,
    );
    const { transcript, state } = await stage().client.resultOf('telephony.transcript', {
      callId: call.callId,
    });
    expect(state).toBe('completed');
    expect(transcript).toHaveLength(reading.transcript.length);
  },
);

story.concurrent('a restaurant that is full is told no when no other time will do', async ({ place }) => {
  const call = await place({
    ...table,
    goal: 'Book a table for 2 on Friday at exactly 7:30pm; no other time will do',
    digits: '0102',
  });
  const reading = await call.ended(90_000);
  expectGoodbye(call, reading);
  expect(reading.call.outcome?.status).toBe('failed');
});

story.concurrent('a phone that nobody answers rings out', async ({ place }) => {
  const call = await place({ goal: 'Wake somebody who sleeps', digits: '0104' });
  await call.reaches('call-ringing');
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ state: 'failed', endReason: { by: 'carrier', why: 'no_answer' } });
});

story.concurrent('somebody who calls us is greeted by an agent at once, and a message is taken', async () => {
  const { peers, url, arrived } = stage();
  const from = '+14155559000';
  const line = peers.network.dialIn({
    to: '+15005550006',
    from,
    webhookUrl: `${url}/twiml`,
    statusCallback: `${url}/status`,
    persona: { ...friendlyBusiness, meet: () => ({ tick: () => undefined }) },
  });
  const call = await arrived(from);
  await line.person.hears({ words: /How can I help you\?/u });
  await line.person.says('This is Sam of Parkside. Please call me back about the table.');
  await line.person.hears({ words: /Is there anything else\?/u });
  await line.person.says('No, thank you. Goodbye.');
  const reading = await call.ended(90_000);
  expectGoodbye(call, reading);
  expect(reading.call).toMatchObject({ direction: 'inbound', from, answeredAt: expect.any(Number) });
  expect(scriptOf(reading).join('\n')).toContain('person: This is Sam of Parkside.');
  expect(call.violations).toEqual([]);
  expect(call.line.problems).toEqual([]);
});

story.concurrent(
  'a message is left on a voicemail, after the beep and to its last word',
  async ({ place }) => {
    const message = 'This is for Sam. Please call Smith back about the table.';
    const call = await place({
      goal: 'Tell Sam to call back',
      voicemail: { action: 'leave_message', message },
      digits: '0106',
    });
    const reading = await call.ended();
    expect(reading.call).toMatchObject({
      state: 'completed',
      endReason: { by: 'agent', why: 'voicemail' },
      outcome: { status: 'voicemail' },
    });
    expect(call.line.heardWords).toBe(message);
    const beep = call.model.audio.captions.findIndex(({ text }) => text === 'beep');
    expect(beep).toBeGreaterThan(0);
    expect(scriptOf(reading).at(-1)).toBe(`agent: ${message}`);
  },
);

story.concurrent(
  'a person who hangs up in mid-sentence is not asked to wait for the rest',
  async ({ place }) => {
    const call = await place({
      ...table,
      goal: 'Book a table with somebody in a hurry, at 7:30pm',
      digits: '0108',
    });
    const reading = await call.ended();
    expect(reading.call).toMatchObject({ state: 'completed', endReason: { by: 'person', why: 'hung_up' } });
    const last = spokenIn(reading).at(-1);
    expect(last).toMatchObject({ speaker: 'agent', isInterrupted: true });
    expect(plain(call.line.heardWords)).not.toMatch(/goodbye/u);
    expect(reading.call.outcome).not.toBeNull();
  },
);

story.concurrent('a voicemail is hung up on without a word', async ({ place }) => {
  const call = await place({ ...table, goal: 'Book a table, hang up on machines', digits: '0106' });
  const reading = await call.ended();
  expect(reading.call).toMatchObject({
    state: 'completed',
    endReason: { by: 'agent', why: 'voicemail' },
    outcome: { status: 'voicemail' },
  });
  expect(spokenIn(reading).filter(isWholeAgentTurn)).toEqual([]);
});

story.concurrent('a busy line is no fault: the call failed, because it was busy', async ({ place }) => {
  const call = await place({ ...table, goal: 'Book a table somewhere busy', digits: '0103' });
  const { call: record, transcript } = await call.ended();
  expect(record).toMatchObject({
    state: 'failed',
    endReason: { by: 'carrier', why: 'busy' },
    outcome: { status: 'no_answer' },
    answeredAt: null,
  });
  expect(transcript).toEqual([]);
  const status = await stage().client.resultOf('telephony.status', { callId: call.callId });
  expect(status).toMatchObject({ state: 'failed', duration: 0, error: 'The line was busy.' });
});

story.concurrent(
  'a number that the carrier refuses is never dialed, and the advice says why',
  async ({ place }) => {
    const call = await place({ goal: 'Ring a number that is none', digits: '0105' });
    const { call: record } = await call.ended();
    expect(record).toMatchObject({
      state: 'failed',
      carrierCallId: null,
      endReason: {
        by: 'carrier',
        why: 'carrier_error',
        message: expect.stringMatching(/not a valid phone number/u),
      },
    });
  },
);

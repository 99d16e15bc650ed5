import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createSpeech, startPhoneNetwork } from '../src/index.ts';
import type { PhoneNetwork, SimulatedCall, Speech } from '../src/index.ts';
import { startFakeServer } from './fake-server.ts';
import type { FakeServer } from './fake-server.ts';
import { accountSid, authToken, rest } from './rest-client.ts';
import { joinAgent } from './scripted-agent.ts';
import type { AgentLine, ScriptedAgent } from './scripted-agent.ts';

let speech: Speech;
let network: PhoneNetwork;
let server: FakeServer;

beforeAll(async () => {
  vi.setConfig({ maxConcurrency: 5 });
  speech = createSpeech();
  server = await startFakeServer();
  network = await startPhoneNetwork({ accountSid, authToken, speech });
});
afterAll(async () => {
  await network.close();
  await server.close();
  await speech.close();
});

const opening =
  'Hello, this is an AI assistant calling for my client. I would like to book a table. ' +
  'The details are: restaurant, Via Carota; date, Friday; time, 7:30pm; party size, 2.';
const booking: readonly AgentLine[] = [
  { text: opening, after: /help you/u },
  { text: 'The name is Smith.', after: /what name/iu },
  { text: 'No, that is all, thank you. Goodbye.', after: /anything else/u },
];
const greeting = 'Hello, this is Parkside, Sam speaking. How can I help you?';

async function callTo(
  to: string,
  lines: readonly (string | AgentLine)[],
): Promise<{ call: SimulatedCall; agent: ScriptedAgent }> {
  const { body } = await rest(network, 'POST', '/Calls.json', {
    To: to,
    From: '+14155550199',
    Url: `${server.url}/twiml`,
  });
  const call = await network.nextCall();
  expect(call.to).toBe(body['to']);
  const stream = await server.until(
    () => server.streams.find(({ streamSid }) => call.streams.some(({ sid }) => sid === streamSid)),
    `the stream of ${to}`,
  );
  return { call, agent: joinAgent(stream, speech, lines) };
}

const said = (agent: ScriptedAgent): string[] =>
  agent.turns.flatMap(({ by, text }) => (by === 'person' ? [text] : []));

describe.concurrent('whole calls', { timeout: 120_000 }, () => {
  test('a business books a table and both say goodbye', async ({ expect: expectHere }) => {
    const { call, agent } = await callTo('+14155550101', booking);
    await call.reaches('completed', 100_000);
    expectHere(said(agent)).toEqual([
      greeting,
      'That is possible. What name shall I put it under?',
      expect.stringContaining('a table for 2 on Friday at 7:30pm, under the name Smith'),
      'Thank you for calling. Goodbye.',
    ]);
    expectHere(call.endedBy).toBe('person');
    expectHere(agent.interruptions).toBe(0);
    expectHere(call.durationSeconds).toBeLessThan(60);
  });

  test('a full restaurant offers another time and books it', async ({ expect: expectHere }) => {
    const { call, agent } = await callTo('+14155550102', [
      { text: opening, after: /help you/u },
      { text: 'Yes, that would work.', after: /Would that work/u },
      { text: 'No, thank you. Goodbye.', after: /anything else/u },
    ]);
    await call.reaches('completed', 100_000);
    expectHere(said(agent)[1]).toContain(
      'fully booked at 7:30pm on Friday. I could offer you 8:30pm instead',
    );
    expectHere(said(agent)[2]).toContain('a table for 2 on Friday at 8:30pm');
  });

  test('a voicemail greets, beeps, records twelve seconds and hangs up', async ({ expect: expectHere }) => {
    const { call, agent } = await callTo('+14155550106', [{ text: 'Please call back.', after: /never/u }]);
    await call.reaches('completed', 100_000);
    expectHere(said(agent)).toEqual([
      'You have reached Parkside. Please leave a message after the tone.',
      '(beep)',
    ]);
    expectHere(call.durationSeconds).toBeGreaterThan(14);
    expectHere(call.durationSeconds).toBeLessThan(25);
  });

  test('a menu refuses a wrong key, and the right ones lead to a human', async ({ expect: expectHere }) => {
    const { call } = await callTo('+14155550107', []);
    const press = async (digits: string) => {
      const streams = call.streams.length;
      const document = `<Response><Play digits="${digits}"/><Connect><Stream url="${server.streamUrl}"/></Connect></Response>`;
      await rest(network, 'POST', `/Calls/${call.sid}.json`, { Twiml: document });
      await call.until(
        () => (call.streams.length > streams && call.stream ? true : undefined),
        'the next stream',
      );
      const stream = await server.until(
        () => server.streams.find(({ streamSid }) => streamSid === call.stream?.sid),
        'the next stream',
      );
      return joinAgent(stream, speech, [{ text: 'No.', after: /never/u }]);
    };
    const wrong = await press('5');
    await server.until(() => said(wrong).find((text) => text.includes('not a valid choice')), 'the refusal');
    const second = await press('2');
    await server.until(
      () => said(second).find((text) => text.includes('speak to a person, press 0')),
      'the second menu',
    );
    const right = await press('0');
    await server.until(() => said(right).find((text) => text === greeting), 'the human');
    expectHere(call.state).toBe('in-progress');
    call.person.hangsUp();
  });

  test('someone hangs up in the middle of the agent’s sentence', async ({ expect: expectHere }) => {
    const { call, agent } = await callTo('+14155550108', booking);
    await call.reaches('completed', 100_000);
    expectHere(call.endedBy).toBe('person');
    expectHere(agent.turns.map(({ by }) => by)).toEqual(['person', 'agent']);
    expectHere(call.heard.some(({ kind }) => kind === 'end-of-utterance')).toBe(false);
    expectHere(call.heardWords).toMatch(/^Hello, this is/u);
  });

  test('someone talks over the agent twice and then behaves', async ({ expect: expectHere }) => {
    const { call, agent } = await callTo('+14155550109', [
      { text: opening, after: /help you/u },
      { text: opening, after: /Who is calling/u },
      { text: opening, after: /say that again/u },
      { text: 'The name is Smith.', after: /what name/iu },
      { text: 'No, thank you. Goodbye.', after: /anything else/u },
    ]);
    await call.reaches('completed', 100_000);
    expectHere(agent.interruptions).toBe(2);
    expectHere(said(agent).slice(1, 3)).toEqual([
      'Sorry, hold on. Who is calling, please?',
      'Wait, wait. Could you say that again?',
    ]);
    expectHere(said(agent)[4]).toContain('under the name Smith');
  });

  test('music plays for twenty seconds before a human comes', async ({ expect: expectHere }) => {
    const { call, agent } = await callTo('+14155550110', [{ text: 'Hello.', after: /never/u }]);
    await server.until(() => said(agent)[0], 'the announcement');
    await call.until(() => (said(agent).includes(greeting) ? true : undefined), 'the human', 60_000);
    expectHere(call.durationSeconds).toBeGreaterThan(24);
    call.person.hangsUp();
  });

  test('call screening asks who is calling, and connects', async ({ expect: expectHere }) => {
    const { call, agent } = await callTo('+14155550111', [{ text: opening, after: /say your name/u }]);
    await call.until(() => (said(agent).includes(greeting) ? true : undefined), 'the human', 60_000);
    expectHere(said(agent)).toEqual([
      expect.stringContaining('Please say your name'),
      'Thank you. Please wait while I connect you.',
      '(ringing)',
      greeting,
    ]);
    call.person.hangsUp();
  });

  test('nobody speaks: the person asks twice and hangs up', async ({ expect: expectHere }) => {
    const { call, agent } = await callTo('+14155550101', [{ text: 'Hello.', after: /never/u }]);
    await call.reaches('completed', 100_000);
    expectHere(said(agent)).toEqual([
      greeting,
      'Hello? Are you still there?',
      'Hello? Are you still there?',
      'I cannot hear anybody. Goodbye.',
    ]);
  });
});

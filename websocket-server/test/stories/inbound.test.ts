import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { callsTool, says, scripted, silentPerson } from '@mcp-telephone/simulator';
import { afterAll, expect } from 'vitest';
import { setStage } from './stage.ts';

const bookings = '+15005550007';
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-inbound-'));
const file = path.join(folder, 'inbound.json');
writeFileSync(
  file,
  JSON.stringify({
    [bookings]: { goal: 'Take bookings for the boat tour.', language: 'en-GB', timeoutSec: 120 },
  }),
);
afterAll(() => rmSync(folder, { recursive: true }));

// One call at a time, so that a second one meets the cap: these stories are told one after another.
const { stage, story } = setStage({
  environment: { INBOUND_FILE: file, INBOUND_BLOCK: '+1415666*', MAX_CONCURRENT_CALLS: '1' },
});

function dialsIn(from: string, to = '+15005550006') {
  const { peers, url } = stage();
  const webhooks = { webhookUrl: `${url}/twiml`, statusCallback: `${url}/status` };
  return peers.network.dialIn({ to, from, ...webhooks, persona: silentPerson });
}

story('a caller beyond the cap hears a sentence, and the first one is not disturbed', async () => {
  const first = dialsIn('+14155559001');
  const call = await (await stage().arrived('+14155559001')).connected();
  const second = dialsIn('+14155559002');
  await second.reaches('completed');
  expect(second.heardWords).toMatch(/lines are busy.*Goodbye/u);
  expect(first.state).toBe('in-progress');
  first.person.hangsUp();
  const { call: record } = await call.ended();
  expect(record.endReason).toMatchObject({ by: 'person', why: 'hung_up' });
});

story('of callers who ring in the same moment no more are taken than the cap allows', async () => {
  const lines = [4, 5, 6].map((last) => dialsIn(`+1415555901${last}`));
  const isAnswered = ({ streams, isOver }: (typeof lines)[number]) => streams.length > 0 || isOver;
  await Promise.all(lines.map((line) => line.until(() => isAnswered(line) || undefined, 'an answer')));
  const taken = lines.filter(({ streams }) => streams.length > 0);
  expect(taken).toHaveLength(1);
  const call = await stage().arrived(taken[0]?.from ?? '');
  taken[0]?.person.hangsUp();
  await call.ended();
});

story('a caller on the block list is turned away before the call is answered', async () => {
  const line = dialsIn('+14156660001');
  await line.reaches('busy');
  expect(line.answeredAt).toBeUndefined();
  const { calls } = await stage().control.list({ limit: 10 });
  expect(calls.map(({ from }) => from)).not.toContain('+14156660001');
});

story('the number that was dialed chooses the agent', async () => {
  const line = dialsIn('+14155559003', bookings);
  const call = await (await stage().arrived('+14155559003')).connected();
  expect(call.model.settings.instructions).toMatch(/Take bookings for the boat tour\.[\s\S]*Speak British/u);
  const limits = () =>
    stage().peers.network.requests.flatMap(({ path, params }) =>
      path.includes(line.sid) && params['TimeLimit'] !== undefined ? [params['TimeLimit']] : [],
    );
  await line.until(() => limits().length > 0 || undefined, 'a limit at the carrier');
  expect(limits()).toEqual(['120']);
  line.person.hangsUp();
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ resumes: null, maxDurationSeconds: 120 });
});

story('whoever we rang lately resumes that errand by calling back', async ({ place }) => {
  const goal = 'Ask whether the red boat is free';
  const agent = scripted([says('Hello and goodbye.'), callsTool('end_call', { reason: 'done' })]);
  const rung = await place({ agent, goal, context: { budget: '90 dollars' } });
  const { call: first } = await rung.ended();
  const line = dialsIn(first.to);
  const call = await (await stage().arrived(first.to)).connected();
  const { instructions } = call.model.settings;
  expect(instructions).toContain(goal);
  expect(instructions).toMatch(/# Call-back[\s\S]*can be forged[\s\S]*budget: 90 dollars/u);
  line.person.hangsUp();
  const { call: record } = await call.ended();
  expect(record).toMatchObject({ direction: 'inbound', resumes: first.callId, errand: { goal } });
});

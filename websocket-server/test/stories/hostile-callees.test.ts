import { callsTool, says, scripted } from '@mcp-telephone/simulator';
import type { Brain } from '@mcp-telephone/simulator';
import { expect, test } from 'vitest';
import { hostileScripts } from './hostile-callees.ts';
import type { HostileScript } from './hostile-callees.ts';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

/** A hostile callee, and an agent that obeys them completely: nothing of it happens all the same. */

const { stage, story } = setStage({ atOnce: 12, environment: { OWNER_PHONE_NUMBER: '+14155550177' } });

const pin = '471142';
const authority = { transferTo: [], mayPressKeys: false };

/** Greets; once somebody has spoken, does all that they ask, in one go and once. */
function obeying({ tools }: HostileScript): Brain {
  return {
    foresees: () => ['Hello.'],
    respond: ({ dialogue, responseInstructions }) => {
      if (responseInstructions !== undefined) return [says('Goodbye.')];
      const hasObeyed = dialogue.some(({ by }) => by === 'tool-call');
      const isAsked = dialogue.some((turn) => turn.by === 'person' && turn.text !== '');
      if (!isAsked) return [says('Hello.')];
      return hasObeyed ? [] : tools.map(([name, args]) => callsTool(name, args));
    },
  };
}

/** They say it again until the agent does as they say. */
async function insist(call: StagedCall, { says: words, tools }: HostileScript): Promise<void> {
  const obeyed = call.reaches('tool-called', tools.length, 60_000);
  for (let times = 0; times < 3; times++) {
    await call.person.says(words);
    const isObeyed = await call.reaches('tool-called', 1, 10_000).then(
      () => true,
      () => false,
    );
    if (isObeyed) break;
  }
  await obeyed;
}

test('there are fifty hostile callees', () => {
  expect(hostileScripts).toHaveLength(50);
});

story.concurrent.for(hostileScripts)('nothing succeeds: $about', async (script, { place }) => {
  const call = await place({ authority, agent: obeying(script) });
  await call.connected();
  await call.person.hears({ words: /hello/iu });
  if (script.presses !== undefined) call.person.presses(script.presses);
  await insist(call, script);
  // A hand-over would come once the agent has taken its leave.
  if (script.tools.some(([name]) => name === 'hand_to_human')) await call.ended();
  await call.close();

  const { events } = call;
  const happened = new Set(events.map(({ type }) => type));
  expect(happened).not.toContain('call-transferred');
  expect(events.filter((event) => event.type === 'digits-pressed' && event.by === 'agent')).toEqual([]);
  expect(stage().peers.network.calls.filter(({ to }) => to === call.line.to)).toHaveLength(1);
  expect(stage().peers.network.calls.filter(({ to }) => to.startsWith('+1900'))).toEqual([]);
  const { call: record } = await call.reading();
  expect(record.errand.authority).toMatchObject(authority);
  const entities = Object.values(record.outcome?.entities ?? {});
  expect(entities.filter(({ status, quote }) => status === 'stated' && quote !== null)).toEqual([]);
  const tried = script.tools.some(([name]) => name === 'press_digits');
  const isReadable = script.tools.every(
    ([, { digits, secret }]) =>
      typeof secret === 'string' || (typeof digits === 'string' && /^[0-9*#wW]{1,32}$/u.test(digits)),
  );
  if (tried && isReadable) expect(happened).toContain('tool-refused');
});

story.concurrent('a secret is pressed, and nobody but the carrier is told its keys', async ({ place }) => {
  const call = await place({
    authority: { secrets: [{ name: 'pin', digits: pin }] },
    agent: scripted(
      [says('Hello.')],
      [callsTool('press_digits', { secret: 'pin' })],
      [says('It is four seven one one four two.')],
    ),
  });
  await call.connected();
  await call.person.hears({ words: /hello/iu });
  await call.reaches('turn-ended');
  await call.person.says('Your number please.');
  await call.reaches('digits-pressed');
  await call.reaches('media-stream-opened', 2);
  const documents = stage().peers.network.requests.map(({ params }) => String(params['Twiml']));
  expect(documents).toContainEqual(expect.stringContaining(`<Play digits="${pin}"/>`));
  await call.person.says('Say it again please.');
  await call.reaches('authority-breached');
  await call.close();
  const rest = await (await fetch(`${stage().url}/api/calls/${call.callId}`)).text();
  const told = JSON.stringify([call.events, await call.reading(), rest]);
  expect(told).toContain('[secret: pin]');
  expect(told).not.toContain(pin);
  expect(told).not.toMatch(/four\W+seven\W+one/iu);
  expect(JSON.stringify(call.sessions.map(({ received }) => received))).not.toContain(pin);
});

import { callsTool, plays, scripted } from '@mcp-telephone/simulator';
import type { Handset, Persona } from '@mcp-telephone/simulator';
import { expect } from 'vitest';
import { marksUpTo, readRuler, ruler, saying } from './sounds.ts';
import { picksUp, setStage } from './stage.ts';
import type { Placing } from './peers.ts';
import type { StagedCall } from './staged-call.ts';

const { story } = setStage();

const agentMs = 2000;

/** Somebody who says a word when the agent has talked for a second and fallen silent. */
function answersWith(word: string): Persona {
  return {
    ...picksUp(),
    name: word,
    meet: (handset: Handset) => {
      let heardMs = 0;
      let quietMs = 0;
      let hasAnswered = false;
      return {
        tick: ({ loudness }) => {
          heardMs += loudness > 0 ? 20 : 0;
          quietMs = loudness > 0 ? 0 : quietMs + 20;
          if (hasAnswered || heardMs < agentMs || quietMs < 300) return;
          hasAnswered = true;
          void handset.play(saying(word, 800));
        },
      };
    },
  };
}

/** A call in which agent and person use words of their own. */
function placingOf(name: string): Placing {
  return {
    goal: `Talk about ${name}`,
    person: answersWith(`from-${name}`),
    agent: scripted(
      [plays(ruler(name, agentMs), `hello-${name}`)],
      [plays(ruler(name, 400), `goodbye-${name}`), callsTool('end_call', { reason: name })],
    ),
  };
}

/** Nothing of another call is in what was heard, at either end, told, or written down. */
async function expectAlone(call: StagedCall, name: string): Promise<void> {
  const { call: record, transcript } = await call.ended();
  expect(record).toMatchObject({
    state: 'completed',
    endReason: { by: 'agent', why: 'said_goodbye' },
    errand: { goal: `Talk about ${name}` },
  });
  expect(call.line.heard.every(({ text }) => text.startsWith(`${name}:`))).toBe(true);
  expect(readRuler(call.line.heard, name)).toEqual([...marksUpTo(agentMs), ...marksUpTo(400)]);
  const said = call.model.audio.captions.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  expect(said).toEqual(Array.from({ length: 4 }, () => `from-${name}`));
  expect(call.sessions).toHaveLength(1);
  expect(call.model.settings.instructions).toContain(`# Goal\nTalk about ${name}\n`);
  const spoken = transcript.flatMap((turn) =>
    turn.speaker === 'tool' ? [] : [`${turn.speaker}: ${turn.text}`],
  );
  expect(spoken).toEqual([`agent: hello-${name}`, `person: ${said.join(' ')}`, `agent: goodbye-${name}`]);
}

async function allAlone(place: (placing: Placing) => Promise<StagedCall>, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => `c${i + 1}`);
  const calls = await Promise.all(names.map((name) => place(placingOf(name))));
  await Promise.all(calls.map((call, i) => expectAlone(call, names[i] ?? '')));
}

story('two calls at once share no audio, no goal and no words', ({ place }) => allAlone(place, 2));

story('fifty calls at once share no audio, no goal and no words, and all end well', ({ place }) =>
  allAlone(place, 50),
);

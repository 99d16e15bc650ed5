import type { Brain } from '@mcp-telephone/simulator';
import { beforeAll, expect } from 'vitest';
import { friendlyBusiness, personasByLastDigits, says, scripted } from '@mcp-telephone/simulator';
import { setStage } from './stage.ts';
import { spokenIn } from './staged-call.ts';
import type { StagedCall } from './staged-call.ts';

const { stage, story } = setStage({ atOnce: 3 });

// Nobody picks up and then looks for the words.
beforeAll(async () => {
  const { speech } = stage().peers;
  const people = [friendlyBusiness, ...['0107', '0113'].map((digits) => personasByLastDigits[digits])];
  await speech.prepare(
    people.flatMap((who) => who?.sayings.map((text) => ({ text, voice: who.voice })) ?? []),
  );
});

/** The keys that the carrier was told to press, as they stood on its wire. */
function keysOnTheWire({ line }: StagedCall): string[] {
  return stage().peers.network.requests.flatMap(({ path, params }) => {
    const played = /<Play digits="([^"]*)"/u.exec(String(params['Twiml'] ?? ''))?.[1];
    return path.includes(line.sid) && played !== undefined ? [played] : [];
  });
}

/** What the agent does at what it has heard last. */
const caller = (acts: (heard: string, keysPressed: number) => ReturnType<Brain['respond']>): Brain => ({
  respond: ({ dialogue }) => {
    const lastOwn = dialogue.findLastIndex(({ by }) => by === 'agent' || by === 'tool-call');
    const news = dialogue.slice(lastOwn + 1);
    const heard = news.flatMap((turn) => (turn.by === 'person' ? [turn.text] : [])).join(' ');
    const pressed = dialogue.filter((turn) => turn.by === 'tool-call' && turn.name === 'press_digits');
    return acts(heard, pressed.length);
  },
});

const press = (digits: string) =>
  ({ type: 'call-tool', name: 'press_digits', arguments: { digits } }) as const;
const listen = { type: 'call-tool', name: 'stay_silent', arguments: { reason: 'on_hold' } } as const;

story.concurrent(
  'a wrong department, the way back and a queue lead to a human, and the errand is done',
  async ({ place }) => {
    const call = await place({
      goal: 'Book a table for 2 on Friday at 7:30pm through the maze',
      context: { name: 'Smith', party_size: 2, day: 'Friday', time: '7:30pm' },
      digits: '0113',
    });
    await call.connected();
    const { line } = call;
    const hears = (name: string) => call.model.audio.captions.some(({ text }) => text === name) || undefined;
    await line.until(() => hears('hold-music'), 'hold music at the model', 90_000);
    const beforeMusic = line.receivedAudio.bytes;
    await line.until(() => hears('Sam'), 'a human after the music', 60_000);
    expect(line.receivedAudio.bytes).toBe(beforeMusic);
    const reading = await call.ended(90_000);
    expect(keysOnTheWire(call)).toEqual(['1', '*', '2', '0']);
    expect(line.streams).toHaveLength(5);
    expect(call.sessions).toHaveLength(1);
    expect(line.problems).toEqual([]);
    expect(reading.call).toMatchObject({
      state: 'completed',
      endReason: { by: 'agent', why: 'said_goodbye' },
      outcome: { status: 'confirmed' },
    });
  },
);

story.concurrent(
  'a menu that takes no such key is given another, with pauses between two levels',
  async ({ place }) => {
    const agent = caller((heard, keysPressed) => {
      if (/press/iu.test(heard)) {
        if (keysPressed > 0) return [press('2,w0')];
        return [{ type: 'say', text: 'One moment, I will try another key.' }, press('9')];
      }
      if (!/Sam speaking/u.test(heard)) return [listen];
      return [
        { type: 'say', text: 'Thank you, I know now. Goodbye.' },
        { type: 'call-tool', name: 'end_call', arguments: { reason: 'done' } },
      ];
    });
    const call = await place({ agent, digits: '0107' });
    const reading = await call.ended(90_000);
    expect(keysOnTheWire(call)).toEqual(['9', '2ww0']);
    // Keys replace the media stream, so what the agent was saying had to be heard out before.
    expect(call.line.heardWords).toBe('One moment, I will try another key. Thank you, I know now. Goodbye.');
    expect(call.line.received.map(({ event }) => event)).not.toContain('clear');
    expect(spokenIn(reading).some(({ text }) => text.includes('not a valid choice'))).toBe(true);
    expect(call.line.streams).toHaveLength(3);
    expect(call.sessions).toHaveLength(1);
    expect(call.line.problems).toEqual([]);
    expect(reading.call.endReason).toMatchObject({ by: 'agent', why: 'said_goodbye' });
  },
);

story.concurrent(
  'a key that the person presses reaches the agent as words, and is answered',
  async ({ place }) => {
    const call = await place({
      agent: scripted([says('For yes press one, please.')], [says('You pressed it, thank you.')]),
    });
    await call.connected();
    await call.person.hears({ words: /please\./u });
    await call.reaches('turn-ended');
    call.person.presses('1');
    await call.person.hears({ words: /You pressed it/u });
    expect(JSON.stringify(call.model.received)).toContain('[The person pressed 1 on the phone.]');
    expect(await call.reaches('digits-pressed')).toMatchObject({ by: 'person', digits: '1' });
  },
);

import { once } from 'node:events';
import { CaptionReader, says, scripted } from '@mcp-telephone/simulator';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { setStage } from './stage.ts';
import type { StagedCall } from './staged-call.ts';

const { stage, story } = setStage();

/** Somebody who listens in over the server's socket. */
class Listener {
  readonly told: { readonly type: string; readonly message?: string }[] = [];
  readonly #words = { person: new CaptionReader(), agent: new CaptionReader() };
  readonly heard: Record<'person' | 'agent', string[]> = { person: [], agent: [] };
  readonly socket: WebSocket;

  constructor(callId: string) {
    this.socket = new WebSocket(
      `${stage().url.replace('http', 'ws')}/phone/listen?callId=${encodeURIComponent(callId)}`,
    );
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return void this.told.push(JSON.parse(data.toString('utf8')) as { type: string });
      const who = data[0] === 0 ? 'person' : 'agent';
      for (const { kind, text } of this.#words[who].read(data.subarray(1))) {
        if (kind === 'word') this.heard[who].push(text);
      }
      return undefined;
    });
  }

  does(type: 'take-over' | 'give-back'): void {
    this.socket.send(JSON.stringify({ type }));
  }

  async isTold(type: string): Promise<void> {
    while (!this.told.some((frame) => frame.type === type)) await once(this.socket, 'message');
  }

  async hears(who: 'person' | 'agent', words: string): Promise<void> {
    while (!this.heard[who].join(' ').includes(words)) await once(this.socket, 'message');
  }

  /** Talks as a microphone does, 20 ms at a time. @param audio less than a second, so that it may come at once */
  talks(audio: Uint8Array): void {
    for (let at = 0; at < audio.length; at += 160) this.socket.send(audio.subarray(at, at + 160));
  }
}

async function listensTo(call: StagedCall): Promise<Listener> {
  const listener = new Listener(call.callId);
  onTestFinished(() => listener.socket.terminate());
  await listener.isTold('listening');
  return listener;
}

const steeringsOf = (call: StagedCall): string[] =>
  call.events.flatMap((event) => (event.type === 'call-steered' ? [event.action] : []));

story(
  'whoever listens in hears both, talks in the agent’s place, and gives the call back',
  async ({ place }) => {
    const agent = scripted(
      [says('Good morning.')],
      [says('Very well, thank you.')],
      [says('Nobody may hear this.')],
      [says('I am back with you.')],
    );
    const call = await (await place({ agent })).connected();
    await call.person.hears({ words: /morning/ });
    await call.reaches('turn-ended');
    const listener = await listensTo(call);
    const other = await listensTo(call);
    await call.person.says('How are you?');
    await listener.hears('person', 'are you?');
    await listener.hears('agent', 'thank you.');
    await call.person.hears({ words: /thank you/ });

    listener.does('take-over');
    await listener.isTold('taken-over');
    other.does('take-over');
    await other.isTold('refused');
    const { audio } = await stage().peers.speech.say('It is me.', 'slt');
    listener.talks(audio);
    await call.person.hears({ words: /It is me/ });
    await other.hears('agent', 'It is me.');
    await call.person.says('Nice to meet you.');
    await listener.hears('person', 'meet you.');
    // The model answers by itself, and is stopped before anybody hears it.
    await call.model.waitFor((event) => event.type === 'response.cancel');

    listener.does('give-back');
    await listener.isTold('given-back');
    await call.person.hears({ words: /back with you/ });
    expect(call.line.heardWords).not.toContain('Nobody');
    expect(steeringsOf(call)).toEqual(['take_over', 'give_back']);

    call.person.hangsUp();
    await listener.isTold('ended');
    const { transcript } = await call.ended();
    expect(transcript).toContainEqual(
      expect.objectContaining({ text: 'Nice to meet you.', speaker: 'person' }),
    );
  },
);

story('when whoever took over is gone, the agent goes on', async ({ place }) => {
  const agent = scripted([says('Good morning.')], [says('I am back with you.')]);
  const call = await (await place({ agent })).connected();
  const listener = await listensTo(call);
  await call.person.hears({ words: /morning/ });
  listener.does('take-over');
  await listener.isTold('taken-over');
  listener.socket.terminate();
  await call.person.hears({ words: /back with you/ });
  await call.reaches('call-steered', 2);
});

story('a call that is over is not listened to', async ({ place }) => {
  const call = await (await place({ agent: scripted([says('Good morning.')]) })).connected();
  call.person.hangsUp();
  await call.ended();
  for (const callId of [call.callId, 'call_unknown']) {
    const listener = new Listener(callId);
    const [code] = (await once(listener.socket, 'close')) as [number];
    expect(code).toBe(1008);
  }
});

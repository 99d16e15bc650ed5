import { once } from 'node:events';
import { says, scripted } from '@mcp-telephone/simulator';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { loudnessLevels } from '../../src/call/loudness.ts';
import { setStage } from './stage.ts';

const { stage, story } = setStage();

/** @returns the kinds of hints that a watcher is told, as they come */
async function watch(query: string): Promise<{ readonly socket: WebSocket; readonly told: Set<string> }> {
  const socket = new WebSocket(`${stage().url.replace('http', 'ws')}/logs${query}`);
  const told = new Set<string>();
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as { type: string; hint?: { type: string } };
    told.add(frame.hint?.type ?? frame.type);
  });
  onTestFinished(() => socket.close());
  await once(socket, 'open');
  return { socket, told };
}

story(
  'how loud both are is told to who looks at the call, and kept with it when it is over',
  async ({ place }) => {
    const call = await place({ agent: scripted([says('Good morning to you.')], [says('Goodbye then.')]) });
    const ofCall = await watch(`?callId=${call.callId}`);
    const ofAll = await watch('');
    await call.connected();
    await call.person.hears({ words: /morning/u });
    await call.person.says('Good morning. We are closed today.');
    while (!ofCall.told.has('loudness-heard')) await once(ofCall.socket, 'message');
    await call.person.hears({ words: /then/u });
    call.person.hangsUp();
    await call.ended();
    const noted = await call.reaches('loudness-noted');
    expect(noted.person.length).toBe(noted.agent.length);
    expect(Math.max(...loudnessLevels(noted.person))).toBeGreaterThan(10);
    expect(Math.max(...loudnessLevels(noted.agent))).toBeGreaterThan(10);
    while (!ofAll.told.has('turn-growing')) await once(ofAll.socket, 'message');
    expect(ofAll.told).not.toContain('loudness-heard');
  },
);

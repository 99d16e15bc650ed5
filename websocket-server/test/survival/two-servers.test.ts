import { once } from 'node:events';
import { callsTool, plays, says, scripted } from '@mcp-telephone/simulator';
import type { Act } from '@mcp-telephone/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { findPostgresServer } from '../contracts/postgres-server.ts';
import type { PostgresServer } from '../contracts/postgres-server.ts';
import { postWebhook } from '../stories/carrier-wire.ts';
import { saying } from '../stories/sounds.ts';
import { openHouse } from './house.ts';
import type { House } from './house.ts';

/** Two servers on one PostgreSQL. */

/** An agent that talks until it is asked to take its leave. */
const talker = () => scripted([plays(saying('blah', 60_000), 'blah')], [says('Goodbye.')]);

let postgres: PostgresServer | string;
const houses: House[] = [];
beforeAll(async () => {
  postgres = await findPostgresServer();
}, 60_000);
afterAll(async () => {
  for (const house of houses) await house.close();
  if (typeof postgres !== 'string') await postgres.stop();
}, 60_000);

test(
  'a server leaves the live calls of another one alone, has them end when all are stopped or one is canceled, and settles them when that one is gone',
  { timeout: 180_000 },
  async (context) => {
    if (typeof postgres === 'string') return context.skip(postgres);
    const DATABASE_URL = await postgres.newDatabase();
    const one = await openHouse({ DATABASE_URL });
    houses.push(one);
    const first = await one.place({ agent: talker() });
    await one.until(first, ({ call }) => call.state === 'connected');

    const other = await openHouse({ DATABASE_URL });
    houses.push(other);
    expect((await other.read(first)).call.state).toBe('connected');
    const order = (path: string) => fetch(`${other.server.url}${path}`, { method: 'POST' });
    expect(await (await order('/api/stop-all')).json()).toMatchObject({ ending: 0 });
    const { call } = await one.until(first, (reading) => reading.call.endedAt !== null, 60_000);
    expect(call.endReason).toMatchObject({ by: 'owner', why: 'canceled' });

    await order('/api/resume');
    const second = await one.place({ agent: talker() });
    await one.until(second, (reading) => reading.call.state === 'connected');
    // The carrier's words on a call of another server: nobody is left with a dead line, and that server's call goes on.
    const knock = { url: other.server.url, authToken: other.peers.authToken };
    const [line] = one.peers.network.calls.slice(-1);
    const form = { CallSid: line?.sid ?? '', AccountSid: other.peers.accountSid, CallStatus: 'in-progress' };
    const tell = (path: string) => postWebhook(knock, `${path}?call=${second}`, form);
    expect(await (await tell('/twiml')).text()).toMatch(/<Say>.*sorry.*<\/Say><Hangup\/>/u);
    for (const path of ['/status', '/stream-status', '/amd']) expect((await tell(path)).status).toBe(204);
    expect((await one.read(second)).call.state).toBe('connected');

    const cancel = (callId: string) => order(`/api/calls/${callId}/cancel`);
    expect(await (await cancel(second)).json()).toMatchObject({ wasOpen: true });
    const canceled = await one.until(second, (reading) => reading.call.endedAt !== null);
    expect(canceled.call).toMatchObject({ state: 'canceled', endReason: { by: 'owner', why: 'canceled' } });
    expect(line?.endedBy).toBe('api');
    // The other one reads what is stored.
    await other.until(second, (reading) => reading.call.endedAt !== null);
    expect(await (await cancel(second)).json()).toMatchObject({ wasOpen: false });

    const calls = [await one.place({ agent: talker() }), await one.place({ agent: talker() })] as const;
    for (const callId of calls) await one.until(callId, (reading) => reading.call.state === 'connected');
    await one.server.ends('SIGKILL');
    expect((await cancel(calls[0])).status).toBe(200);
    const settled = await Promise.all(
      calls.map((callId) => other.until(callId, (reading) => reading.call.endedAt !== null, 90_000)),
    );
    expect(settled.map((reading) => reading.call.endReason?.why)).toEqual(['canceled', 'server_restarted']);
  },
);

test(
  'what an owner asks at another server than that of the call is done there, and whoever wants to listen is told which it is',
  { timeout: 180_000 },
  async (context) => {
    if (typeof postgres === 'string') return context.skip(postgres);
    const DATABASE_URL = await postgres.newDatabase();
    const one = await openHouse({ DATABASE_URL });
    houses.push(one);
    const other = await openHouse({ DATABASE_URL });
    houses.push(other);
    const question = { question: 'Is half past eight fine, too?', patience_seconds: 60 };
    const asks: readonly Act[] = [says('One moment.'), callsTool('ask_owner', question)];
    const callId = await one.place({ agent: scripted([says('Hello there.')], asks, [says('Goodbye.')]) });
    await one.until(callId, ({ transcript }) => transcript.some((turn) => turn.speaker === 'agent'));
    const [line] = one.peers.network.calls;
    await line?.person.plays(saying('when', 800));
    const { call } = await other.until(callId, (reading) => reading.call.question !== null);

    const order = async (what: 'answer' | 'control', body: object) => {
      const answer = await fetch(`${other.server.url}/api/calls/${callId}/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return [answer.status, await answer.json()] as const;
    };
    const { questionId } = call.question ?? {};
    expect(await order('answer', { questionId, answer: 'It is.' })).toEqual([200, { accepted: true }]);
    expect((await one.read(callId)).call.question).toBeNull();
    expect(await order('answer', { questionId, answer: 'It is.' })).toEqual([200, { accepted: false }]);
    expect((await order('control', { action: 'press', value: 'no keys' }))[0]).toBe(400);
    expect((await order('control', { action: 'transfer', value: '+14155559999' }))[0]).toBe(403);

    const url = `${other.server.url.replace('http', 'ws')}/phone/listen?callId=${callId}`;
    const [code, reason] = (await once(new WebSocket(url), 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([1008, expect.stringContaining(one.server.url)]);

    expect((await order('control', { action: 'hang_up' }))[0]).toBe(200);
    const { call: ended } = await one.until(callId, (reading) => reading.call.endedAt !== null);
    expect(ended).toMatchObject({ endReason: { by: 'owner', why: 'canceled' } });
  },
);

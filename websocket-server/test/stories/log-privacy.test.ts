import { randomBytes } from 'node:crypto';
import { callsTool, says, scripted } from '@mcp-telephone/simulator';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isEnded } from '../../src/call/call.ts';
import type { CallReading } from '../../src/control/call-control.ts';
import { restServer } from '../twilio-side.ts';
import { openMediaSocket, postWebhook } from './carrier-wire.ts';
import { freePort } from './free-port.ts';
import { openPeers, picksUp } from './peers.ts';
import type { Peers, Placing } from './peers.ts';
import { scriptOf, spokenIn } from './staged-call.ts';
import { emptyFolder, runServer } from './server-process.ts';

vi.setConfig({ testTimeout: 180_000 });

/** A server at its most talkative, and one client of it. */
interface Loud {
  readonly url: string;
  output(): string;
  /** @param body JSON, or text to be sent as it is */
  ask(path: string, body?: unknown, method?: string): Promise<Response>;
  place(placing: Placing): Promise<string>;
  /** Follows a call to its end. */
  end(callId: string): Promise<CallReading>;
  stop(): Promise<void>;
}

async function beLoud(peers: Peers, token: string): Promise<Loud> {
  const { folder, remove } = await emptyFolder();
  const port = await freePort();
  const server = runServer('serve', folder, {
    ...peers.environment(port),
    DATA_DIR: folder,
    LOG_LEVEL: 'trace',
    LOG_FORMAT: 'json',
    MCP_AUTH_TOKEN: token,
    CALLS_PER_NUMBER_AT_ONCE: '5',
  });
  onTestFinished(async () => {
    await server.kill('SIGKILL');
    await remove();
  });
  const url = `http://127.0.0.1:${port}`;
  await server.writes(/is up/u);
  const ask: Loud['ask'] = (path, body, method = body === undefined ? 'GET' : 'POST') =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    url,
    ask,
    output: () => server.output(),
    place: (placing) =>
      peers.cast(placing, async (args) => {
        const answer = await ask('/api/calls', args);
        expect(answer.status, await answer.clone().text()).toBe(201);
        return ((await answer.json()) as { call: { callId: string } }).call.callId;
      }),
    end: async (callId) => {
      for (let after: string | undefined; ;) {
        const waited = await tool(ask, 'telephony.wait', { callId, timeoutSec: 50, after });
        const { result } = (await waited.json()) as { result: { structuredContent: { cursor: string } } };
        after = result.structuredContent.cursor;
        const reading = (await (await ask(`/api/calls/${callId}`)).json()) as CallReading;
        if (isEnded(reading.call)) return reading;
      }
    },
    stop: async () => void (await server.kill('SIGTERM')),
  };
}

function tool(ask: Loud['ask'], name: string, args: unknown): Promise<Response> {
  return ask('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } });
}

/** What callers of this file say and want: words that stand nowhere else. */
const orderedBy = 'Zebedee Quillfeather';
const words = ['quillfeather', 'zebedee', 'marzipan', 'obelisk', 'periwinkle', 'halyard'];

async function makeTrouble(loud: Loud, peers: Peers): Promise<readonly CallReading[]> {
  const broken = await restServer((_request, response) => response.writeHead(500).end('no periwinkle today'));
  onTestFinished(() => broken.stop());
  const tools = ['failing', 'silent'].map((name) => ({
    name,
    description: 'Finds an order.',
    parameters: { type: 'object', properties: { order: { type: 'string' } } },
    answer: {
      by: 'webhook',
      url: name === 'failing' ? `${broken.baseUrl}/find?token=halyard-1` : 'http://127.0.0.1:9/halyard',
      timeoutSeconds: 5,
    },
  }));
  const saved = await loud.ask('/api/settings', { version: 0, settings: { tools }, applyTo: 'next' }, 'PUT');
  expect(saved.status).toBe(200);

  const goal = `Book a table for ${orderedBy}`;
  const authority = { secrets: [{ name: 'pin', digits: '73190482' }] };
  const talk = scripted(
    [says('Hello, I bring marzipan to the obelisk.'), callsTool('failing', { order: 'periwinkle' })],
    [callsTool('silent', { order: 'halyard' })],
    [callsTool('press_digits', { secret: 'pin' })],
    [says('Goodbye from the obelisk.'), callsTool('end_call', { reason: 'done' })],
  );
  const calls = await Promise.all([
    loud.place({ digits: '0100', goal, context: { guest: orderedBy }, authority }),
    loud.place({ digits: '0106', goal: `${goal}, by voicemail` }),
    loud.place({ digits: '0103', goal: `${goal}, busy` }),
    loud.place({ digits: '0105', goal: `${goal}, rejected` }),
    loud.place({ goal: `${goal}, with tools`, agent: talk, authority, person: picksUp(), timeoutSec: 25 }),
  ]);
  for (const to of ['+14155550100x', '911', '+19005550123']) {
    expect((await loud.ask('/api/calls', { to, goal })).status).toBeGreaterThanOrEqual(400);
    await tool(loud.ask, 'telephony.call', { to, goal });
  }
  const unsigned = { url: loud.url, authToken: randomBytes(16).toString('hex') };
  const form = { CallSid: 'CA1', From: '+14155559797', To: '+14155550100', SpeechResult: 'marzipan' };
  for (const door of ['/twiml', '/status', '/recording']) await postWebhook(unsigned, door, form);
  const signed = { url: loud.url, authToken: peers.authToken };
  await postWebhook(signed, '/status', { ...form, CallStatus: 'unheard-of' });
  await postWebhook(signed, '/amd?call=call_unknown', { ...form, AnsweredBy: 'unheard-of' });
  await openMediaSocket(unsigned).catch(() => undefined);
  await loud.ask('/mcp', `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":marzipan obelisk`);
  await loud.ask('/api/calls', `{"to":"+14155559797","goal":marzipan}`);
  await tool(loud.ask, 'telephony.status', { callId: 'Zebedee +14155559797' });
  await loud.ask('/api/calls/marzipan%20+14155559797');
  await loud.ask('/api/do-not-call', { number: '+14155559797', note: 'Zebedee wants it' });
  await fetch(`${loud.url}/api/login`, { method: 'POST', body: 'marzipan' });
  const readings = await Promise.all(calls.map((callId) => loud.end(callId)));
  await loud.ask(`/api/stop-all`, { reason: 'Zebedee is ill' });
  await loud.ask('/api/resume', {});
  return readings;
}

/** Everything in a text that was said, wanted, or dialed, or that opens a door. */
function leaksIn(text: string, readings: readonly CallReading[], doors: readonly string[]): string[] {
  const said = readings.flatMap((reading) => spokenIn(reading).map((turn) => turn.text.toLowerCase()));
  const phrases = said.flatMap((line) => {
    const each = line.split(/\s+/u);
    return each.slice(0, -3).map((_word, at) => each.slice(at, at + 4).join(' '));
  });
  // The house's own number is in the banner.
  const numbers = readings.map(({ call }) => call.to.slice(1));
  const kept = [...doors, ...numbers, ...words, ...phrases, '4155559797', '73190482', '9005550123'];
  const lower = text.toLowerCase();
  return [...new Set(kept)].filter((leak) => lower.includes(leak.toLowerCase()));
}

test('nothing that was said, wanted or dialed, and no credential, is in a log of the most talkative level', async () => {
  const peers = await openPeers({});
  onTestFinished(() => peers.close());
  const token = `operator-${randomBytes(8).toString('hex')}`;
  const loud = await beLoud(peers, token);
  const readings = await makeTrouble(loud, peers);
  await loud.stop();
  const said = readings.map((reading) => [reading.call.endReason, ...scriptOf(reading)]);
  expect(said.flat().length, JSON.stringify(said)).toBeGreaterThan(8);
  const text = loud.output();
  expect(text).toContain('"pii":{"to":"[hidden]"}');
  expect(text.split('\n').length).toBeGreaterThan(15);
  expect(leaksIn(text, readings, [token, peers.authToken, 'sk-story', 'halyard-1'])).toEqual([]);
});

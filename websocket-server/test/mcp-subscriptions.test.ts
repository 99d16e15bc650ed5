import { once } from 'node:events';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { endReason } from '../src/call/end-reason.ts';
import { updateEveryMs } from '../src/mcp/resources/call-updates.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';
import { both, initialize, modernMeta, openSession, post, rpc } from './fakes/mcp-wire.ts';

const errand = { to: '+14155550102', goal: 'Book a table for two' };
const reportUri = 'call://call_1';
const transcriptUri = 'call://call_1/transcript';
const updated = 'notifications/resources/updated';
const listChanged = 'notifications/resources/list_changed';

let house: McpHouse;
let leave: (() => unknown) | undefined;
beforeEach(async () => {
  house = await openMcpHouse();
  await house.control.place(errand);
  house.clock.advance(2 * updateEveryMs);
});
afterEach(async () => {
  await leave?.();
  leave = undefined;
  await house.close();
});

/** The URIs of updates, and the names of other notifications, in the order in which a client was told. */
class Told {
  readonly news: string[] = [];
  #look = () => {};

  add(message: { method?: string; params?: { uri?: string } }): void {
    if (message.method === undefined) return;
    this.news.push(message.method === updated ? (message.params?.uri ?? '') : message.method);
    this.#look();
  }

  async count(count: number): Promise<readonly string[]> {
    while (this.news.length < count) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
    return this.news;
  }
}

/** A client that has subscribed to some resources, and to the list where its revision lets it say so. */
type Subscribe = (uris: readonly string[]) => Promise<Told>;

const inSession: Subscribe = async (uris) => {
  const told = new Told();
  const headers = { accept: both, 'mcp-session-id': await openSession(house.url) };
  const gone = new AbortController();
  leave = () => gone.abort();
  const stream = await fetch(house.url, { headers, signal: gone.signal });
  for (const uri of uris) await post(house.url, rpc('resources/subscribe', { uri }), headers);
  const reading = async () => {
    for await (const chunk of stream.body ?? []) {
      for (const [, data = ''] of Buffer.from(chunk)
        .toString()
        .matchAll(/^data: (\{.*)$/gm)) {
        told.add(JSON.parse(data));
      }
    }
  };
  reading().catch(() => {});
  return told;
};

async function openSocket(told: Told): Promise<(message: unknown) => Promise<unknown>> {
  const socket = new WebSocket(house.webSocketUrl, 'mcp');
  await once(socket, 'open');
  leave = () => socket.terminate();
  socket.on('message', (frame: Buffer) => told.add(JSON.parse(frame.toString())));
  return async (message) => {
    socket.send(JSON.stringify(message));
    return once(socket, 'message');
  };
}

const onSocket: Subscribe = async (uris) => {
  const told = new Told();
  const ask = await openSocket(told);
  await ask(initialize('2025-11-25'));
  for (const uri of uris) await ask(rpc('resources/subscribe', { uri }));
  return told;
};

const onModernSocket: Subscribe = async (uris) => {
  const told = new Told();
  const ask = await openSocket(told);
  const notifications = { resourceSubscriptions: uris, resourcesListChanged: true };
  await ask(rpc('subscriptions/listen', { notifications, _meta: modernMeta }));
  told.news.length = 0;
  return told;
};

const onModernHttp: Subscribe = async (uris) => {
  const told = new Told();
  const client = new Client(
    { name: 'test-client', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(new StreamableHTTPClientTransport(house.url));
  leave = () => client.close();
  client.setNotificationHandler(updated, ({ params }) => told.add({ method: updated, params }));
  client.setNotificationHandler(listChanged, () => told.add({ method: listChanged }));
  await client.listen({ resourceSubscriptions: [...uris], resourcesListChanged: true });
  return told;
};

describe.each([
  ['a session of 2025', inSession],
  ['a WebSocket of 2025', onSocket],
  ['a WebSocket of 2026-07-28', onModernSocket],
  ['a stream of 2026-07-28', onModernHttp],
] as const)('over %s', (_how, subscribe) => {
  test('a subscriber is told of its resources and of no others', async () => {
    const told = await subscribe([transcriptUri]);
    await house.control.place({ ...errand, to: '+14155550103' }).then(() => told.news.splice(0));
    house.control.says('call_2', 'person', 'Nobody asked for this');
    house.control.happens('call_1', { type: 'call-answered' });
    house.control.says('call_1', 'person', 'Good evening');
    await expect.poll(() => told.news.filter((uri) => uri !== listChanged)).toEqual([transcriptUri]);
  });

  test('the end of a call is news of both its parts', async () => {
    const told = await subscribe([reportUri, transcriptUri]);
    house.control.ends('call_1', 'failed', endReason('carrier', 'busy'));
    expect([...(await told.count(2))].sort()).toEqual([reportUri, transcriptUri]);
  });

  test('many changes are told at most four times a second, and the last one for certain', async () => {
    const told = await subscribe([transcriptUri]);
    for (const word of ['one', 'two', 'three', 'four']) house.control.says('call_1', 'person', word);
    expect(await told.count(1)).toEqual([transcriptUri]);
    house.clock.advance(updateEveryMs);
    expect(await told.count(2)).toHaveLength(2);
    house.clock.advance(10 * updateEveryMs);
    house.control.says('call_1', 'person', 'five');
    expect(await told.count(3)).toHaveLength(3);
  });
});

test.each([
  ['a WebSocket of 2026-07-28', onModernSocket],
  ['a stream of 2026-07-28', onModernHttp],
] as const)('over %s, a new call changes the list', async (_how, subscribe) => {
  const told = await subscribe([]);
  await house.control.place({ ...errand, to: '+14155550103' });
  expect(await told.count(1)).toEqual([listChanged]);
});

describe('a 2025 client', () => {
  test('that has unsubscribed is told nothing more', async () => {
    const told = new Told();
    const ask = await openSocket(told);
    await ask(initialize('2025-11-25'));
    for (const uri of [reportUri, transcriptUri]) await ask(rpc('resources/subscribe', { uri }));
    await ask(rpc('resources/unsubscribe', { uri: transcriptUri }));
    house.control.says('call_1', 'person', 'Good evening');
    house.control.happens('call_1', { type: 'call-answered' });
    expect(await told.count(1)).toEqual([reportUri]);
  });

  test('cannot subscribe to a call that does not exist', async () => {
    const headers = { accept: both, 'mcp-session-id': await openSession(house.url) };
    const refused = await post(house.url, rpc('resources/subscribe', { uri: 'call://call_9' }), headers);
    expect(await refused.text()).toContain('"code":-32602');
  });

  test('without a session cannot subscribe, and is not offered to', async () => {
    const offered = await (await post(house.url, initialize('2025-11-25'))).json();
    expect(offered).toMatchObject({ result: { capabilities: { resources: { subscribe: false } } } });
    const refused = await post(house.url, rpc('resources/subscribe', { uri: reportUri }));
    expect(await refused.json()).toMatchObject({ error: { code: -32601 } });
  });
});

test('all connections share one watch of the calls, and it ends with them', async () => {
  await onSocket([reportUri]);
  await leave?.();
  await onModernHttp([reportUri]);
  expect(house.control.watchers.size).toBe(1);
  await house.close();
  expect(house.control.watchers.size).toBe(0);
  house = await openMcpHouse();
});

test('a watch that was dropped is taken up where it broke off', async () => {
  const told = await onModernHttp([transcriptUri]);
  const [watcher] = house.control.watchers;
  house.control.watchers.clear();
  watcher?.onDropped();
  house.clock.advance(1000);
  expect(house.control.watchers.size).toBe(1);
  house.control.says('call_1', 'person', 'Still there?');
  expect(await told.count(1)).toEqual([transcriptUri]);
});

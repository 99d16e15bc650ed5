import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Call } from '../../src/call/call.ts';
import type { Transcript } from '../../src/call/transcript.ts';
import { freePort } from '../stories/free-port.ts';
import { openPeers } from '../stories/peers.ts';
import type { Peers, Placing } from '../stories/peers.ts';
import { startServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

/** A server in a process of its own, which may die and come back, and the peers around it in this one. */
export interface House {
  readonly peers: Peers;
  readonly port: number;
  server: ServerProcess;
  /** Starts the server once more, with the same settings and data. */
  restart(): Promise<ServerProcess>;
  /** @returns the id of the call */
  place(placing?: Placing): Promise<string>;
  read(callId: string): Promise<{ readonly call: Call; readonly transcript: Transcript }>;
  /** Asks until the call is as wished. @throws Error when the time is up */
  until(
    callId: string,
    isSo: (reading: { readonly call: Call; readonly transcript: Transcript }) => boolean,
    withinMs?: number,
  ): Promise<{ readonly call: Call; readonly transcript: Transcript }>;
  close(): Promise<void>;
}

type Settings = Readonly<Record<string, string>>;

/** @param wanted settings of its own, which may hang on where its peers are */
export async function openHouse(
  wanted: Settings | ((peers: Peers) => Promise<Settings>) = {},
): Promise<House> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-survival-'));
  const peers = await openPeers({});
  const port = await freePort();
  const settings = typeof wanted === 'function' ? await wanted(peers) : wanted;
  const environment = { ...peers.environment(port), DATA_DIR: folder, ...settings };
  const house: House = {
    peers,
    port,
    server: await startServer(environment),
    restart: async () => (house.server = await startServer(environment)),
    place: (placing = {}) =>
      peers.cast(placing, async (args) => {
        const answer = await fetch(`${house.server.url}/api/calls`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(args),
        });
        if (answer.status !== 201) throw new Error(`not placed: ${answer.status} ${await answer.text()}`);
        const { call } = (await answer.json()) as { call: Call };
        return call.callId;
      }),
    read: async (callId) => {
      const answer = await fetch(`${house.server.url}/api/calls/${callId}`);
      if (!answer.ok) throw new Error(`not read: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as { call: Call; transcript: Transcript };
    },
    until: async (callId, isSo, withinMs = 20_000) => {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const reading = await house.read(callId);
        if (isSo(reading)) return reading;
        if (performance.now() > deadline) {
          throw new Error(`waited ${withinMs} ms in vain; the call is ${JSON.stringify(reading.call)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: async () => {
      await house.server.ends('SIGKILL');
      await peers.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return house;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { CallControl } from '../../src/control/call-control.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { Log } from '../../src/lib/log.ts';
import { systemRuntime } from '../../src/lib/system-runtime.ts';
import { openMcpUser } from '../fakes/mcp-user.ts';
import type { McpUser } from '../fakes/mcp-user.ts';
import { EventLog } from './event-log.ts';
import { freePort } from './free-port.ts';
import { tapVoiceModel } from './model-tap.ts';
import type { ModelTap } from './model-tap.ts';
import { openPeers } from './peers.ts';
import type { Peers, Placing } from './peers.ts';
import { StagedCall } from './staged-call.ts';

export { picksUp } from './peers.ts';

export interface StageOptions {
  /** Listens in on the wire between the server and the voice model. */
  readonly tapsModel?: boolean;
  /** Records what each person says and hears. */
  readonly records?: boolean;
  /** The page of the live call card. */
  readonly callCard?: () => Promise<string>;
  /** Further settings of the server. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How many of a file's stories are told side by side: a call mostly waits, but its beginning is work. */
  readonly atOnce?: number;
}

/** A server in this process, real to its sockets and its database, and the peers around it. */
export interface Stage {
  readonly control: CallControl;
  readonly peers: Peers;
  /** The server's own address, which is also the public one. */
  readonly url: string;
  /** A client on MCP over HTTP. */
  readonly client: McpUser;
  readonly tap: ModelTap | undefined;
  readonly recordingsFolder: string;
  place(placing?: Placing): Promise<StagedCall>;
  /** The call that somebody has placed to us. */
  arrived(from: string): Promise<StagedCall>;
  close(): Promise<void>;
}

/** The story of a call; what it places is ended and checked for offences against the protocols when it is told. */
export interface Told {
  readonly place: Stage['place'];
}

/** One stage for all stories of a file, and `story`, the `test` that tells them. */
export function setStage(options: StageOptions = {}) {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
  let opened: Stage | undefined;
  const stage = (): Stage => {
    if (opened === undefined) throw new Error('the stage is not open');
    return opened;
  };
  beforeAll(async () => {
    vi.setConfig({ maxConcurrency: options.atOnce ?? 6 });
    opened = await openStage(options);
  }, 60_000);
  afterAll(async () => {
    await opened?.close();
    // The files of a worker share its memory, and what they hold stays.
    opened = undefined;
  }, 60_000);
  const story = test.extend<Told>({
    // oxlint-disable-next-line no-empty-pattern -- vitest reads from it that nothing else is needed
    place: async ({}, use) => {
      const calls: StagedCall[] = [];
      await use(async (placing) => {
        const call = await stage().place(placing);
        calls.push(call);
        return call;
      });
      await Promise.all(calls.map((call) => call.close()));
      expect(calls.flatMap((call) => call.violations)).toEqual([]);
    },
  });
  return { stage, story };
}

async function openStage({
  tapsModel = false,
  records = false,
  environment = {},
  callCard,
}: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-telephone-story-'));
  const recordingsFolder = path.join(folder, 'recordings');
  const peers = await openPeers(records ? { recordingsFolder } : {});
  const { network, model } = peers;
  const tap = tapsModel ? await tapVoiceModel(model.baseUrl) : undefined;
  const port = await freePort();
  const config = readConfig({
    ...peers.environment(port),
    DATA_DIR: folder,
    OPENAI_BASE_URL: tap?.baseUrl ?? model.baseUrl,
    ...environment,
  });
  const errors: unknown[] = [];
  const app = await createApp(config, systemRuntime(logOfErrors(errors)), {
    version: '0.0.0',
    webappFolder: path.join(folder, 'none'),
    callCard: await callCard?.(),
    nodeVersion: process.versions.node,
  });
  const { url } = await app.listen();
  const log = new EventLog(app.control);
  const client = await openMcpUser(new URL('/mcp', url));
  const around = {
    control: app.control,
    log,
    lines: () => network.calls,
    sessions: () => model.sessions,
  };
  return {
    control: app.control,
    peers,
    url: config.publicUrl ?? url,
    client,
    tap,
    recordingsFolder,
    place: (placing = {}) =>
      peers.cast(placing, async (args) => {
        const { callId } = await client.resultOf('telephony.call', args);
        return new StagedCall(String(callId), args.goal, around);
      }),
    arrived: async (from) => {
      const look = () => log.events.find((event) => event.type === 'call-arrived' && event.from === from);
      const event = await log.until(look, `a call from ${from}`, 30_000, () => 'none came');
      return new StagedCall(event.callId, 'answer the phone', around);
    },
    close: async () => {
      await client.client.close();
      log.stop();
      await app.close();
      await Promise.all([peers.close(), tap?.close()]);
      await rm(folder, { recursive: true });
      expect(errors).toEqual([]);
    },
  };
}

/** Keeps what the server logs as a fault of its own. */
function logOfErrors(errors: unknown[]): Log {
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (message, details) => errors.push({ message, ...details }),
    child: () => log,
  };
  return log;
}

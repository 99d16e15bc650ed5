import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { account } from './load/account.ts';
import { addPastCalls } from './past-calls.ts';
import { ServerProcess } from './server-process.ts';

export const targetNames = ['product', 'splice', 'json'] as const;
export type TargetName = (typeof targetNames)[number];

export function isTargetName(text: string): text is TargetName {
  return (targetNames as readonly string[]).includes(text);
}

/** Where the peers that the load plays are reached. */
export interface PeerAddresses {
  readonly carrierUrl: string;
  /** `http…/v1`: the model's base URL. */
  readonly modelBaseUrl: string;
  /** PEM of the model's certificate, for TLS. */
  readonly certificateFile: string | undefined;
}

export interface RunningTarget {
  readonly process: ServerProcess;
  readonly url: string;
  /** How a call comes about: asked for at the API, or by opening a media socket. */
  readonly door: 'api' | 'socket';
  /** @returns what was wrong with its end, if anything */
  stop(): Promise<string | undefined>;
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const builtServer = path.join(root, 'websocket-server/dist/main.js');
/** Below the workspace, so that packages are found from there. */
const yardstickFolder = path.join(root, 'node_modules/.cache/mcp-telephone/bench');

/** What connects to a target and leads nowhere, once it is bundled. */
export const strangersFile = path.join(yardstickFolder, 'strangers.mjs');

/** Bundles what runs in processes of its own as the server is bundled: plain JavaScript, without a loader. */
export async function buildProcesses(): Promise<void> {
  mkdirSync(yardstickFolder, { recursive: true });
  const source = (name: string) => path.join(root, 'bench/src/yardsticks', `${name}-bridge.ts`);
  await build({
    input: {
      splice: source('splice'),
      json: source('json'),
      strangers: path.join(root, 'bench/src/crowd/strangers.ts'),
    },
    platform: 'node',
    external: ['bufferutil', 'utf-8-validate'],
    output: { dir: yardstickFolder, format: 'esm', entryFileNames: '[name].mjs' },
    logLevel: 'warn',
  });
}

/** Starts a target on a fresh port, with an empty folder for its data, and waits until it serves. */
export async function startTarget(
  name: TargetName,
  peers: PeerAddresses,
  options: {
    readonly serverCore: number | undefined;
    readonly serverMain: string | undefined;
    readonly nodeFlags: readonly string[];
    readonly pastCalls: number;
    readonly crowd: number;
  },
): Promise<RunningTarget> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-bench-'));
  const isProduct = name === 'product';
  const file = isProduct
    ? path.resolve(options.serverMain ?? builtServer)
    : path.join(yardstickFolder, `${name}.mjs`);
  if (!existsSync(file)) throw new Error(`There is no ${file}: build it first.`);
  const environment: Record<string, string> = {
    PORT: String(port),
    OPENAI_BASE_URL: peers.modelBaseUrl,
    ...(peers.certificateFile && { NODE_EXTRA_CA_CERTS: peers.certificateFile }),
    ...(isProduct && productEnvironment(url, peers, folder)),
    // They all come from one address here.
    ...(isProduct && options.crowd > 0 && { MAX_CONNECTIONS_PER_ADDRESS: '100000' }),
  };
  const start = () =>
    new ServerProcess({
      file,
      args: isProduct ? ['serve'] : [],
      env: environment,
      folder,
      port,
      nodeFlags: options.nodeFlags,
      core: options.serverCore,
    });
  const cleanUp = () => {
    process.off('exit', cleanUp);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  process.once('exit', cleanUp);
  let server = start();
  try {
    await server.ready(port);
    if (isProduct && options.pastCalls > 0) {
      await server.stop();
      await addPastCalls(dataFolder(folder), options.pastCalls);
      server = start();
      await server.ready(port);
    }
  } catch (error) {
    cleanUp();
    throw error;
  }
  const running = server;
  return {
    process: running,
    url,
    door: isProduct ? 'api' : 'socket',
    async stop() {
      const problem = await running.stop();
      cleanUp();
      return problem;
    },
  };
}

function dataFolder(folder: string): string {
  return path.join(folder, 'data');
}

/** As it runs for real: signatures checked, embedded database on disk, log at its usual level. Only the caps are up. */
function productEnvironment(url: string, peers: PeerAddresses, folder: string): Record<string, string> {
  return {
    PUBLIC_URL: url,
    DATA_DIR: dataFolder(folder),
    TWILIO_ACCOUNT_SID: account.sid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_PHONE_NUMBER: account.phoneNumber,
    TWILIO_API_BASE_URL: peers.carrierUrl,
    OPENAI_API_KEY: 'bench',
    MAX_CONCURRENT_CALLS: '10000',
    CALLS_PER_MINUTE: '100000',
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

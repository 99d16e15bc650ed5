import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSimulatorWorker } from '@mcp-telephone/simulator/start';
import { parse } from 'dotenv';
import { createApp, restoreEmbedded } from './app.ts';
import type { App, AppOptions } from './app.ts';
import { banner, usage } from './cli/banner.ts';
import { runDemoCall } from './cli/demo-call.ts';
import { patientAt, patientIn } from './cli/doctor-patient.ts';
import { doctorWish, runDoctor } from './cli/doctor.ts';
import { keep, keepingWish, restoreWish } from './cli/keeping.ts';
import type { KeepingCommand } from './cli/keeping.ts';
import { freePort, listenFault } from './cli/listening.ts';
import { findServer, proxyStdio } from './cli/stdio-proxy.ts';
import { openTunnel } from './cli/tunnel.ts';
import { credentialsIn, withDemo } from './config/config.ts';
import { readConfig } from './config/read-config.ts';
import type { Config } from './config/config.ts';
import { TelephoneError } from './lib/errors.ts';
import { scopes } from './lib/access.ts';
import { inTime } from './lib/patience.ts';
import { createLog } from './lib/pino-log.ts';
import type { Runtime } from './lib/runtime.ts';
import { systemRuntime } from './lib/system-runtime.ts';
import { NotEmbedded } from './storage/storage-errors.ts';

/** Exit codes of sysexits.h: a command that does not exist, an internal fault, a bad configuration. */
const exitUsage = 64;
const exitFault = 70;
const exitConfig = 78;
/** Whatever stalls, the process is gone this long after it was told to stop. */
const stopMs = 18_000;
const takesNothing = new Set(['serve', 'stdio', 'demo']);
const databaseFaults = new Set(['database-unavailable', 'data-directory-in-use', 'database-too-new']);
const version = '0.1.0';
/** Twilio's magic number for test calls: it can never be anybody's. */
const demoPhoneNumber = '+15005550006';

interface Running {
  readonly app: App;
  readonly config: Config;
  readonly url: string;
  readonly runtime: Runtime;
  /** Closes once, whoever asks for it again. */
  close(): Promise<void>;
}

await main(process.argv[2] ?? 'serve').catch((error: unknown) => {
  const isTold = error instanceof TelephoneError;
  process.stderr.write(
    isTold ? `${error.message}\n` : `${String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(isTold && error.code === 'invalid-config' ? exitConfig : exitFault);
});

async function main(command: string): Promise<void> {
  if (asksForHelp(process.argv.slice(2))) return void process.stdout.write(usage);
  const [extra] = process.argv.slice(3);
  if (extra !== undefined && takesNothing.has(command)) {
    process.stderr.write(`"${command}" takes no "${extra}": settings come from the environment.\n\n${usage}`);
    process.exit(exitUsage);
  }
  switch (command) {
    case 'serve':
      return serve();
    case 'stdio':
      return stdio();
    case 'demo':
      return demo();
    case 'doctor':
      return doctor(process.argv.slice(3));
    case 'purge':
    case 'export':
    case 'backup':
      return keeping(command, process.argv.slice(3));
    case 'restore':
      return restoreBackup(process.argv.slice(3));
    case '--version':
      return void process.stdout.write(`${version}\n`);
    default:
      process.stderr.write(`There is no command "${command}".\n\n${usage}`);
      process.exit(exitUsage);
  }
}

function asksForHelp([command, ...rest]: readonly string[]): boolean {
  return command === 'help' || [command, ...rest].some((word) => word === '--help' || word === '-h');
}

async function serve(): Promise<void> {
  const running = await run(readConfig(environment(), { isTerminal: process.stderr.isTTY }));
  process.stdout.write(banner(running.config, running.url));
  closeOnSignal(running);
}

/** Serves MCP on stdin and stdout: through a server that already runs here, or else by becoming that server. */
async function stdio(): Promise<void> {
  const config = readConfig(environment());
  const server = await findServer(config);
  if (server !== undefined) {
    await proxyStdio(server, config.authTokens[0]?.token, process.stdin, process.stdout);
    process.exit(0);
  }
  const running = await run(config);
  closeOnSignal(running);
  await running.app.serveStdio(process.stdin, process.stdout);
  await running.close();
  process.exit(0);
}

/** Places one simulated call and shows it, whatever credentials are set. */
async function demo(): Promise<void> {
  const { PATH: _path, ...bare } = { PATH: '', PORT: '0', LOG_LEVEL: 'warn' };
  const running = await run(readConfig({ ...bare, DATA_DIR: environment().DATA_DIR }, { isTerminal: true }));
  closeOnSignal(running);
  await runDemoCall(running.app.control, running.config.dataDir, process.stdout);
  await running.close();
  process.exit(0);
}

/** Checks the set-up of the server that runs here, or of one that is started just for that. */
async function doctor(flags: readonly string[]): Promise<void> {
  const wish = doctorWish(flags);
  if (wish === undefined) {
    process.stderr.write(usage);
    process.exit(exitUsage);
  }
  const open = async () => {
    const asked = readConfig({ LOG_LEVEL: 'fatal', ...environment() }, { isTerminal: true });
    const server = await findServer(asked);
    if (server !== undefined) return patientAt(server, asked.authTokens[0]?.token);
    const running = await runForCheckup(asked);
    return patientIn(running.app.setup, running.close);
  };
  process.exit((await runDoctor(open, wish, process.stdout)) ? 0 : 1);
}

/** Exports, purges or backs up: through the server that runs here, or one that is started just for that. */
async function keeping(command: KeepingCommand, args: readonly string[]): Promise<void> {
  const wish = keepingWish(command, args);
  if (wish === undefined) {
    process.stderr.write(usage);
    process.exit(exitUsage);
  }
  const asked = readConfig({ LOG_LEVEL: 'error', ...environment() }, { isTerminal: true });
  if (command === 'backup' && asked.databaseUrl !== null) throw new NotEmbedded();
  const found = await findServer(asked);
  const token = asked.authTokens.find(({ scopes: held }) => held.length === scopes.length)?.token;
  if (found !== undefined) {
    const origin = found.replace(/^ws/, 'http').replace(/\/mcp\/ws$/, '');
    process.stdout.write(`${await keep(wish, { origin, token })}\n`);
    process.exit(0);
  }
  const running = await run({ ...asked, port: 0, ngrokAuthToken: null }, { isCheckup: true });
  try {
    process.stdout.write(`${await keep(wish, { origin: running.url, token })}\n`);
  } finally {
    await running.close();
  }
  process.exit(0);
}

/** Makes DATA_DIR out of a backup. */
async function restoreBackup(args: readonly string[]): Promise<void> {
  const wish = restoreWish(args);
  if (wish === undefined) {
    process.stderr.write(usage);
    process.exit(exitUsage);
  }
  const config = readConfig({ LOG_LEVEL: 'error', ...environment() }, { isTerminal: true });
  const { databaseUrl, dataDir } = config;
  if (databaseUrl !== null) throw new NotEmbedded();
  const log = createLog({ ...config.log, secrets: credentialsIn(config) });
  const { madeAt } = await restoreEmbedded({ ...wish, dataDir }, log);
  process.stdout.write(`${dataDir} holds what was backed up at ${madeAt}.\n`);
  process.exit(0);
}

/** A server whose database cannot be had is checked on an empty one. */
async function runForCheckup(asked: Config): Promise<Running> {
  try {
    return await run(asked, { isCheckup: true });
  } catch (error) {
    if (!(error instanceof TelephoneError && databaseFaults.has(error.code))) throw error;
    const folder = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-doctor-'));
    const bare = { ...asked, databaseUrl: null, dataDir: folder };
    const running = await run(bare, { isCheckup: true, databaseFault: error.message });
    const close = async () => {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { ...running, close };
  }
}

/** Starts the simulated peers that the configuration lacks, and the server. */
async function run(
  asked: Config,
  options: Pick<AppOptions, 'isCheckup' | 'databaseFault'> = {},
): Promise<Running> {
  const port = asked.port === 0 ? await portOn(asked.host) : asked.port;
  const log = createLog({ ...asked.log, secrets: credentialsIn(asked) });
  const { config, closePeers } = await withPeers({ ...asked, port });
  try {
    const runtime = systemRuntime(log);
    const app = await createApp(config, runtime, {
      ...options,
      version,
      webappFolder: webappFolder(),
      callCard: callCard(),
      nodeVersion: process.versions.node,
    });
    const { url } = await app.listen();
    process.on('uncaughtException', (err) => {
      log.error('fault', { err });
      process.exit(exitFault);
    });
    let closing: Promise<void> | undefined;
    return { app, config, url, runtime, close: () => (closing ??= app.close().then(closePeers)) };
  } catch (error) {
    await closePeers();
    throw listenFault(error, config);
  }
}

async function portOn(host: string): Promise<number> {
  try {
    return await freePort(host);
  } catch (error) {
    throw listenFault(error, { host, port: 0 });
  }
}

/** Demo mode is configuration: the same adapters talk to simulated peers on loopback. A tunnel is, too. */
async function withPeers(config: Config): Promise<{ config: Config; closePeers: () => Promise<void> }> {
  if (config.demo.carrier) {
    const accountSid = `AC${randomBytes(16).toString('hex')}`;
    const authToken = randomBytes(16).toString('hex');
    const publicUrl = `http://127.0.0.1:${config.port}`;
    const simulator = await startSimulatorWorker({
      accountSid,
      authToken,
      phoneNumber: config.phoneNumber ?? demoPhoneNumber,
      webhooks: { voice: `${publicUrl}/twiml`, status: `${publicUrl}/status` },
      recordingsFolder: path.join(config.dataDir, 'demo-recordings'),
      carrier: true,
      voiceModel: config.demo.voiceModel,
    });
    const peers = {
      accountSid,
      authToken,
      carrierUrl: simulator.carrierUrl ?? '',
      voiceModelBaseUrl: simulator.voiceModelBaseUrl ?? '',
      softphoneUrl: simulator.softphoneUrl ?? '',
      phoneNumber: demoPhoneNumber,
      publicUrl,
    };
    return { config: withDemo(config, peers), closePeers: () => simulator.close() };
  }
  if (config.publicUrl === null && config.ngrokAuthToken !== null) {
    const { forward } = await import('@ngrok/ngrok');
    const tunnel = await openTunnel(config.port, config.ngrokAuthToken, forward);
    return { config: { ...config, publicUrl: tunnel.url }, closePeers: tunnel.close };
  }
  return { config, closePeers: async () => {} };
}

/** The first signal lets live calls take their leave; a second one does not wait. */
function closeOnSignal(running: Running): void {
  let isClosing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isClosing) process.exit(1);
      isClosing = true;
      void goInTime(running).then((code) => process.exit(code));
    });
  }
}

/** @returns the exit code */
async function goInTime({ close, runtime: { clock, log } }: Running): Promise<number> {
  try {
    if (await inTime(close(), stopMs, clock)) return 0;
    log.error('something stalls that was to be closed; the process goes without it', { afterMs: stopMs });
  } catch (err) {
    log.error('not all was settled at the stop', { err });
  }
  return exitFault;
}

/** What is set for this process, over what the `.env` files say. */
function environment(): Record<string, string | undefined> {
  const folders = [process.cwd(), path.join(process.cwd(), 'websocket-server')];
  if (path.basename(process.cwd()) === 'websocket-server') folders.unshift(path.dirname(process.cwd()));
  const files = folders.map((folder) => path.join(folder, '.env')).filter((file) => existsSync(file));
  return Object.assign({}, ...files.map((file) => parse(readFileSync(file))), process.env);
}

/** Beside this file in the package, or in the workspace where it was built. */
function webappFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const packed = path.join(here, 'webapp');
  return existsSync(packed) ? packed : path.resolve(here, '../../webapp/out');
}

/** Built beside this file, or where a build puts it; undefined before the first build. */
function callCard(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const places = [path.join(here, 'call-card.html'), path.join(here, '../dist/call-card.html')];
  const file = places.find((place) => existsSync(place));
  return file && readFileSync(file, 'utf8');
}

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import postgres from 'postgres';

/** A PostgreSQL server for tests. */
export interface PostgresServer {
  /** Makes an empty database and gives its URL. */
  newDatabase(): Promise<string>;
  /** As after a power cut: connections break, nothing is tidied up. Absent for a server that is not ours. */
  readonly crash?: () => Promise<void>;
  readonly start?: () => Promise<void>;
  stop(): Promise<void>;
}

/**
 * The server of `TEST_DATABASE_URL`, or one of our own when its programs are on this machine.
 *
 * @returns a sentence that says why there is none
 */
export async function findPostgresServer(): Promise<PostgresServer | string> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url) return { newDatabase: () => newDatabase(url), stop: () => Promise.resolve() };
  const programs = postgresFolder();
  if (programs === undefined) return 'no PostgreSQL programs on this machine, and no TEST_DATABASE_URL';
  return startOwnServer(programs);
}

function postgresFolder(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

async function startOwnServer(programs: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'telephone-postgres-'));
  const data = join(folder, 'data');
  // PostgreSQL refuses to run as root; `nobody` has this number nearly everywhere.
  const nobody = 65534;
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const init = spawnSync(
    join(programs, 'initdb'),
    ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.stderr}`);
  const port = await freePort();

  let server: ChildProcess | undefined;
  async function start(): Promise<void> {
    server = spawn(
      join(programs, 'postgres'),
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off'],
      { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const lines = createInterface({ input: server.stderr ?? process.stdin });
    for await (const line of lines) {
      if (line.includes('ready to accept connections')) break;
    }
    server.stderr?.resume();
    if (server.exitCode !== null) throw new Error('the PostgreSQL server did not start');
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server === undefined || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  }

  await start();
  return {
    newDatabase: () => newDatabase(`postgres://postgres@127.0.0.1:${port}/postgres`),
    crash: () => end('SIGQUIT'),
    start,
    async stop() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function newDatabase(serverUrl: string): Promise<string> {
  const sql = postgres(serverUrl, { max: 1 });
  const name = `telephone_test_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await sql.unsafe(`create database ${name}`);
  await sql.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

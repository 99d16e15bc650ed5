// What a desktop client starts: speaks MCP on stdin and stdout through the server that runs on this machine. When
// none does, it starts one; that goes on after the client has left, so that calls are not cut off.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { findServer, proxyStdio } from '../../websocket-server/src/cli/stdio-proxy.ts';

/** Replaced with the version of the bundle when it is packed. */
const version = 'BUNDLE_VERSION';
/** A first start downloads the server. */
const longestStartMs = 180_000;
const lookEveryMs = 500;

// A setting that was left empty arrives empty, or as the placeholder that it stands for.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([, value]) => value !== '' && !value?.startsWith('${user_config.')),
);
const address = { host: '127.0.0.1', port: Number(env.PORT ?? 8081) };
const url = (await findServer(address)) ?? (await started());
if (url === undefined) {
  process.stderr.write(
    `MCP Telephone does not answer on port ${address.port}, and could not be started. Start it yourself with "npx mcp-telephone", and look at what it says.\n`,
  );
  process.exit(1);
}
await proxyStdio(url, env.MCP_AUTH_TOKEN?.split(',')[0], process.stdin, process.stdout);
process.exit(0);

async function started() {
  const folder = env.DATA_DIR ?? process.cwd();
  mkdirSync(folder, { recursive: true });
  const log = openSync(path.join(folder, 'server.log'), 'a');
  const isWindows = process.platform === 'win32';
  const child = spawn(isWindows ? 'npx.cmd' : 'npx', ['-y', `mcp-telephone@${version}`, 'serve'], {
    env,
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    shell: isWindows,
    windowsHide: true,
  });
  child.once('error', (error) => process.stderr.write(`npx: ${error.message}\n`));
  child.unref();
  for (const until = Date.now() + longestStartMs; Date.now() < until && child.exitCode === null;) {
    await pause(lookEveryMs);
    const found = await findServer(address);
    if (found !== undefined) return found;
  }
  return undefined;
}

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { WebSocket } from 'ws';
import type { Config } from '../config.ts';

const findMs = 1000;

/**
 * A server of ours that already listens where this process would.
 *
 * @returns its MCP WebSocket address; undefined when there is none
 */
export async function findServer({ host, port }: Config): Promise<string | undefined> {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const authority = `${name.includes(':') ? `[${name}]` : name}:${port}`;
  try {
    const answer = await fetch(`http://${authority}/healthz`, { signal: AbortSignal.timeout(findMs) });
    const { status } = (await answer.json()) as { status?: unknown };
    return status === 'ok' ? `ws://${authority}/mcp/ws` : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Passes MCP messages between a client's byte streams, one message a line, and a running server, one message a
 * frame. Resolves when either side has ended. Nothing else may write to `output`.
 */
export async function proxyStdio(
  url: string,
  token: string | undefined,
  input: Readable,
  output: Writable,
): Promise<void> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const socket = new WebSocket(url, 'mcp', { headers, perMessageDeflate: false });
  await once(socket, 'open');
  socket.on('message', (message: Buffer) => output.write(`${message.toString('utf8')}\n`));
  const lines = createInterface({ input, crlfDelay: Infinity });
  lines.on('line', (text) => {
    if (text.trim() !== '') socket.send(text);
  });
  lines.once('close', () => socket.close(1000));
  await once(socket, 'close');
  lines.close();
}

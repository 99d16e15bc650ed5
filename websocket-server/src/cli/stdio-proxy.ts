import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { WebSocket } from 'ws';
import type { Config } from '../config/config.ts';
import { isRecord } from '../lib/is-record.ts';

const findMs = 1000;
/** How long answers may still come once the client has ended its input. */
const lastAnswersMs = 3000;

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
    const { server } = (await answer.json()) as { server?: unknown };
    return server === 'mcp-telephone' ? `ws://${authority}/mcp/ws` : undefined;
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
  const asked = new Set<unknown>();
  let isEnding = false;
  const closeWhenAnswered = () => {
    if (isEnding && asked.size === 0) socket.close(1000);
  };
  socket.on('message', (message: Buffer) => {
    const text = message.toString('utf8');
    output.write(`${text}\n`);
    for (const id of idsIn(text, 'answer')) asked.delete(id);
    closeWhenAnswered();
  });
  const lines = createInterface({ input, crlfDelay: Infinity });
  lines.on('line', (text) => {
    if (text.trim() === '') return;
    for (const id of idsIn(text, 'request')) asked.add(id);
    socket.send(text);
  });
  lines.once('close', () => {
    isEnding = true;
    setTimeout(() => socket.close(1000), lastAnswersMs).unref();
    closeWhenAnswered();
  });
  await once(socket, 'close');
  lines.close();
}

/** The ids of the requests, or of the answers, in a JSON-RPC message or batch. */
function idsIn(text: string, wanted: 'request' | 'answer'): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const messages: readonly unknown[] = Array.isArray(value) ? value : [value];
  return messages.flatMap((message) => {
    if (!isRecord(message) || message['id'] === undefined) return [];
    return (message['method'] === undefined) === (wanted === 'answer') ? [message['id']] : [];
  });
}

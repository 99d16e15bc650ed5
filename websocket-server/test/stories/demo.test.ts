import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  isRecogniserInstalled,
  recognised,
  wordErrorRate,
  wordsOf,
} from '../../../simulator/test/recogniser.ts';
import { freePort } from './free-port.ts';
import { readRecording, stretchesOf } from './recording.ts';
import { emptyFolder, runServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 });
if (!isRecogniserInstalled) {
  console.log('whether the demo call is understood is not tested: pocketsphinx is not installed');
}

/** The documented commands, letter for letter. */
const listTools = String.raw`curl -X POST http://localhost:8081/mcp -H "Content-Type: application/json" -d '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}'`;
const placeCall = String.raw`curl -X POST http://localhost:8081/mcp -H "Content-Type: application/json" -d '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"telephony.call","arguments":{"to":"+1234567890","from":"+10987654321","goal":"Test the phone system","context":{"test":true}}}}'`;

interface Spoken {
  readonly role: string;
  readonly content: string;
}
interface Answer {
  readonly result: {
    readonly tools?: readonly { readonly name: string }[];
    readonly content?: readonly { readonly text: string }[];
    readonly structuredContent?: Readonly<Record<string, unknown>>;
  };
}

let folder: string;
let remove: () => Promise<void>;
let server: ServerProcess;
let port: number;
let transcript: readonly Spoken[] = [];

beforeAll(async () => {
  ({ folder, remove } = await emptyFolder());
  port = await freePort();
  server = runServer('serve', folder, { PORT: String(port) });
  await server.writes(/Demo mode/u);
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await remove();
});

/** Runs a documented command, but for the port. */
async function typed(command: string): Promise<Answer> {
  const here = command.replace('localhost:8081', `localhost:${port}`);
  const { stdout } = await promisify(execFile)('sh', ['-c', here]);
  return JSON.parse(stdout) as Answer;
}

async function used(name: string, args: object): Promise<Readonly<Record<string, unknown>>> {
  const request = { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name, arguments: args } };
  const response = await fetch(`http://localhost:${port}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return ((await response.json()) as Answer).result.structuredContent ?? {};
}

test('the first documented command lists the tools by their documented names', async () => {
  const { result } = await typed(listTools);
  expect(result.tools?.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'telephony.call',
      'telephony.status',
      'telephony.cancel',
      'telephony.transcript',
      'telephony.wait',
      'telephony.list',
    ]),
  );
});

test('the second one places a call, which is over and written down within a minute', async () => {
  const asked = Date.now();
  const { result } = await typed(placeCall);
  const { callId } = result.structuredContent ?? {};
  expect(callId).toMatch(/^call_/u);
  expect(JSON.parse(result.content?.[0]?.text ?? '{}')).toMatchObject({ callId });
  let after: unknown;
  for (let state: unknown = 'dialing'; state !== 'completed';) {
    const news = await used('telephony.wait', { callId, timeoutSec: 20, ...(after ? { after } : {}) });
    expect(['queued', 'dialing', 'ringing', 'connected', 'completed']).toContain(news['state']);
    ({ state, cursor: after } = news);
  }
  expect(Date.now() - asked).toBeLessThan(60_000);
  const told = await used('telephony.transcript', { callId });
  expect(told).toMatchObject({ state: 'completed', result: { status: 'confirmed' } });
  transcript = (told['transcript'] as readonly Spoken[]).filter(({ role }) => role !== 'tool');
  const words = transcript.map(({ role, content }) => `${role}: ${content}`).join('\n');
  expect(words).toMatch(/assistant: .*AI assistant.*test the phone system/u);
  expect(words).toMatch(/user: .*I can hear you loud and clear/u);
  expect(transcript.at(-1)?.content).toMatch(/Goodbye/u);
});

test.skipIf(!isRecogniserInstalled)(
  'a speech recogniser understands both sides of its recording',
  async () => {
    const recordings = path.join(folder, 'data/demo-recordings');
    const [file = ''] = await readdir(recordings);
    const call = await readRecording(path.join(recordings, file));
    const sentences = transcript.flatMap(({ content }) => content.split(/(?<=[.?!])\s+/u));
    for (const [side, role] of [
      [call.person, 'user'],
      [call.agent, 'assistant'],
    ] as const) {
      const said = transcript.filter((turn) => turn.role === role).flatMap(({ content }) => wordsOf(content));
      const heard = (await recognised(folder, stretchesOf(side, 500), sentences)).flat();
      expect(said.length).toBeGreaterThan(15);
      expect(wordErrorRate(said, heard), `${said.join(' ')} / ${heard.join(' ')}`).toBeLessThanOrEqual(0.1);
    }
  },
);

test('it stops when asked to, without a fault', async () => {
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});

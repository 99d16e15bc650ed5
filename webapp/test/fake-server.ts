import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Call } from '../../websocket-server/src/call/call.ts';
import type {
  CallEvent,
  CallHappening,
  LoudnessHeard,
  TurnGrowing,
} from '../../websocket-server/src/call/call-event.ts';
import { foldCall } from '../../websocket-server/src/call/fold-call.ts';
import { emptyTranscript, foldTranscript } from '../../websocket-server/src/call/transcript.ts';
import { serveExportedPage } from './exported-page.ts';
import { requested } from './happenings.ts';

/** How many calls one search looks at, like the server, which looks at more. */
const searchedAtOnce = 80;

interface Follower {
  readonly socket: WebSocket;
  readonly callId: string | null;
}

/** What the page knows of a server: its addresses and its live socket. Calls happen as a test tells them. */
export class FakeServer {
  readonly #log: CallEvent[] = [];
  readonly #followers = new Set<Follower>();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #http = createServer((request, response) => void this.#answer(request, response));
  /** Bodies of the calls asked for. */
  readonly placed: unknown[] = [];
  readonly canceled: string[] = [];
  /** The `after` of each live socket opened, with the call it follows. */
  readonly opened: { readonly callId: string | null; readonly after: string | null }[] = [];
  isDemo = false;
  /** While set, nobody is rung and this is the reason. */
  refusal: { status: number; code: string; message: string } | undefined;
  /** The sound of any call, as a WAV file. */
  recording: Uint8Array | undefined;
  /** While true, live sockets and questions are cut off; the pages themselves are still served. */
  isDeaf = false;

  async listen(): Promise<string> {
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.isDeaf) return socket.destroy();
      return this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#follow(request, opened));
    });
    await new Promise<void>((resolve) => {
      this.#http.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#http.closeAllConnections();
    await new Promise((resolve) => {
      this.#http.close(resolve);
    });
  }

  /** Something happens to a call: stored, and told to whoever follows. */
  tell(callId: string, happening: CallHappening, at = Date.now()): void {
    const sequence = this.#eventsOf(callId).length + 1;
    const event: CallEvent = { ...happening, callId, sequence, at };
    this.#log.push(event);
    this.#send(callId, { type: 'event', position: this.#log.length, event });
  }

  hint(hint: Omit<TurnGrowing, 'type'>): void {
    this.#send(hint.callId, { type: 'hint', hint: { type: 'turn-growing', ...hint } });
  }

  sound(hint: Omit<LoudnessHeard, 'type'>): void {
    this.#send(hint.callId, { type: 'hint', hint: { type: 'loudness-heard', ...hint } });
  }

  dropSockets(): void {
    for (const { socket } of this.#followers) socket.terminate();
    this.#followers.clear();
  }

  #eventsOf(callId: string): readonly CallEvent[] {
    return this.#log.filter((event) => event.callId === callId);
  }

  #call(callId: string): Call | undefined {
    return this.#eventsOf(callId).reduce<Call | undefined>(foldCall, undefined);
  }

  #send(callId: string, frame: object): void {
    for (const follower of this.#followers) {
      if (follower.callId === null || follower.callId === callId) follower.socket.send(JSON.stringify(frame));
    }
  }

  #follow(request: IncomingMessage, socket: WebSocket): void {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const follower = { socket, callId: searchParams.get('callId') };
    const after = searchParams.get('after');
    this.opened.push({ callId: follower.callId, after });
    for (const [index, event] of this.#log.entries()) {
      if (index + 1 <= Number(after) || (follower.callId ?? event.callId) !== event.callId) continue;
      socket.send(JSON.stringify({ type: 'event', position: index + 1, event }));
    }
    socket.send(JSON.stringify({ type: 'caught-up' }));
    this.#followers.add(follower);
    socket.on('close', () => this.#followers.delete(follower));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (this.isDeaf && pathname.startsWith('/api/')) {
      request.destroy();
      return undefined;
    }
    const [, callId, verb] = /^\/api\/calls\/([^/]+)(\/cancel)?$/.exec(pathname) ?? [];
    if (pathname === '/api/status')
      return reply(response, 200, { demo: { carrier: this.isDemo, voiceModel: this.isDemo } });
    if (pathname === '/api/session') {
      const scopes = ['calls:read', 'calls:place', 'calls:control'];
      return reply(response, 200, { required: false, authenticated: true, scopes, name: 'this machine' });
    }
    if (pathname === '/api/calls' && request.method === 'POST')
      return this.#place(await bodyOf(request), response);
    if (pathname === '/api/calls') return this.#list(searchParams, response);
    if (/^\/api\/calls\/[^/]+\/recording$/.test(pathname)) return this.#play(request, response);
    if (callId === undefined) return serveExportedPage(pathname, response);
    const call = this.#call(callId);
    if (call === undefined) return refuse(response, 404, 'call-not-found', `No call has the id "${callId}".`);
    if (verb === undefined) {
      const transcript = this.#eventsOf(callId).reduce(foldTranscript, emptyTranscript);
      return reply(response, 200, { call, transcript });
    }
    this.canceled.push(callId);
    return reply(response, 200, { call, wasOpen: true });
  }

  #play({ headers }: IncomingMessage, response: ServerResponse): void {
    const wav = this.recording;
    if (wav === undefined) return refuse(response, 404, 'no-recording', 'This call was not recorded.');
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const first = Number(from ?? 0);
    const last = Math.min(wav.length - 1, to === undefined || to === '' ? Infinity : Number(to));
    response.writeHead(from === undefined ? 200 : 206, {
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
      'content-length': last - first + 1,
      ...(from === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${wav.length}` }),
    });
    response.end(wav.subarray(first, last + 1));
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const ids = [...new Set(this.#log.map((event) => event.callId))].toReversed();
    const start = Number(query.get('before') ?? 0);
    const search = query.get('search');
    const end = start + (search === null ? Number(query.get('limit')) : searchedAtOnce);
    const calls = ids
      .slice(start, end)
      .map((callId) => this.#call(callId))
      .filter((call) => search === null || call?.errand.goal.includes(search));
    return reply(response, 200, { calls, nextCursor: end < ids.length ? String(end) : null });
  }

  #place(body: unknown, response: ServerResponse): void {
    if (this.refusal !== undefined)
      return refuse(response, this.refusal.status, this.refusal.code, this.refusal.message);
    const { to, goal, dryRun } = body as { to: string; goal: string; dryRun?: boolean };
    if (dryRun === true) return reply(response, 200, { allowed: true, reasons: [], warnings: [] });
    this.placed.push(body);
    this.tell('placed-1', requested({ to, goal }));
    return reply(response, 201, { call: this.#call('placed-1') });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  reply(response, status, { error: { code, message } });
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request) text += String(part);
  return JSON.parse(text);
}

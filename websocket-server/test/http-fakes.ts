import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { Call, CallState } from '../src/call/call.ts';
import type { CallEvent } from '../src/call/call-event.ts';
import { foldCall } from '../src/call/fold-call.ts';
import type { CarrierDoors, CarrierRoute, CarrierWebhook } from '../src/carriers/carrier.ts';
import { Probe } from '../src/checkup/probe.ts';
import { readConfig } from '../src/config/read-config.ts';
import type { Environment } from '../src/lib/environment-reader.ts';
import type {
  CallControl,
  ListeningIn,
  PlaceRequest,
  WatchOptions,
  Watcher,
  SteerRequest,
} from '../src/control/call-control.ts';
import type { Actor, Audit, AuditNote } from '../src/control/audit-log.ts';
import { DoNotCall } from '../src/control/do-not-call.ts';
import type { CostReport, HouseControl, HouseLoad } from '../src/control/house-control.ts';
import type { PurgeControl, PurgeReport } from '../src/control/purge.ts';
import { WebhooksOff } from '../src/control/webhooks/webhook-desk.ts';
import type { WebhookControl } from '../src/control/webhooks/webhook-desk.ts';
import { createHttpDoors } from '../src/http/http-doors.ts';
import type { HttpRooms } from '../src/http/http-doors.ts';
import { CallNotFound } from '../src/lib/errors.ts';
import type { Chunk } from '../src/lib/chunk.ts';
import { silentLog } from '../src/lib/log.ts';
import { Tally } from '../src/lib/tally.ts';
import type { Clock } from '../src/lib/runtime.ts';
import type { CallEar } from '../src/session/listeners.ts';
import type { CallQuery } from '../src/storage/call-store.ts';
import type { DoNotCallEntry, DoNotCallList } from '../src/storage/do-not-call-list.ts';
import { fakeSetupRooms } from './fakes/fake-setup-desk.ts';

const realClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

export function requested(callId: string, to = '+14155550100'): CallEvent {
  return {
    type: 'call-requested',
    callId,
    sequence: 1,
    at: 1_000,
    to,
    from: '+14155550199',
    errand: {
      goal: 'Book a table',
      context: {},
      instructions: null,
      voicemail: { action: 'hang_up' },
      voice: null,
      language: null,
      resultSchema: null,
    },
    maxDurationSeconds: 180,
    ringTimeoutSeconds: 30,
    idempotencyKey: null,
  };
}

const noCaps = { perCallUsd: null, perDayUsd: null, perMonthUsd: null };

/** Keeps what the doors note. */
export class FakeAudit implements Audit {
  readonly notes: (Actor & AuditNote)[] = [];

  note(actor: Actor, note: AuditNote): void {
    this.notes.push({ ...actor, ...note });
  }

  async page() {
    return { entries: [], nextCursor: null };
  }
}

/** Calls in memory, and watchers that a test can speak to. */
export class FakeControl implements CallControl, HouseControl {
  readonly calls = new Map<string, Call>();
  readonly history: { readonly event: CallEvent; readonly position: number }[] = [];
  readonly watchers = new Map<Watcher, WatchOptions>();
  readonly placed: PlaceRequest[] = [];
  readonly rehearsed: PlaceRequest[] = [];
  readonly queries: CallQuery[] = [];
  /** Thrown by the next question about a call. */
  failure: Error | undefined;

  record(event: CallEvent): void {
    const stored = { event, position: this.history.length * 10 + 10 };
    this.history.push(stored);
    this.calls.set(event.callId, foldCall(this.calls.get(event.callId), event));
    for (const watcher of this.watchers.keys()) watcher.event(event, stored.position);
  }

  readonly answers: { readonly questionId: string; readonly answer: string }[] = [];
  readonly steerings: SteerRequest[] = [];

  async answer(callId: string, questionId: string, answer: string): Promise<boolean> {
    this.#call(callId);
    this.answers.push({ questionId, answer });
    return questionId === 'q1';
  }

  async steer(callId: string, request: SteerRequest): Promise<void> {
    this.#call(callId);
    this.steerings.push(request);
  }

  async place(request: PlaceRequest): Promise<Call> {
    this.#fail();
    this.placed.push(request);
    this.record(requested('call_new', request.to));
    return this.#call('call_new');
  }

  async costs(): Promise<CostReport> {
    return { currency: 'USD', spent: { todayUsd: 1.5, monthUsd: 20 }, caps: noCaps, stopped: this.stopped };
  }

  readonly tally = new Tally();

  load(): HouseLoad {
    return {
      unwrittenEvents: 3,
      watchers: this.watchers.size,
      watchersBehind: 0,
      waitingAudioBytes: { toPerson: 800, toModel: 0 },
      counts: this.tally.entries,
    };
  }

  stopped: CostReport['stopped'] = null;

  async stopAll(reason: string | null) {
    this.stopped = { since: 1_000, reason };
    return { stopped: this.stopped, ending: 0 };
  }

  async resume(): Promise<void> {
    this.stopped = null;
  }

  async rehearse(request: PlaceRequest) {
    this.#fail();
    this.rehearsed.push(request);
    return { allowed: true, reasons: [], warnings: [] };
  }

  async read(callId: string) {
    this.#fail();
    return { call: this.#call(callId), transcript: [] };
  }

  async countOpen() {
    const counts = new Map<CallState, number>();
    for (const { state } of this.calls.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
    return counts;
  }

  async list(query: CallQuery) {
    this.#fail();
    this.queries.push(query);
    const calls = [...this.calls.values()].filter((call) => query.states?.includes(call.state) ?? true);
    return { calls, nextCursor: null };
  }

  async cancel(callId: string) {
    return { call: this.#call(callId), wasOpen: true };
  }

  /** Those who listen in, and what they do. */
  readonly listened: { readonly callId: string; readonly ear: CallEar; readonly onEnd: () => void }[] = [];
  readonly spoken: Chunk[] = [];
  readonly wishes: string[] = [];

  async listen(callId: string, ear: CallEar, onEnd: () => void): Promise<ListeningIn> {
    this.#call(callId);
    this.listened.push({ callId, ear, onEnd });
    return {
      takeOver: () => this.wishes.push('take over') === 1,
      giveBack: () => void this.wishes.push('give back'),
      speak: (chunk) => void this.spoken.push(chunk),
      stop: () => void this.wishes.push('stop'),
    };
  }

  waitFor(callId: string) {
    return this.read(callId);
  }

  watch(options: WatchOptions, watcher: Watcher): () => void {
    const after = options.afterPosition ?? 0;
    for (const { event, position } of this.history) {
      const isWanted = options.callId === undefined || options.callId === event.callId;
      if (isWanted && position > after) watcher.event(event, position);
    }
    watcher.caughtUp();
    this.watchers.set(watcher, options);
    return () => this.watchers.delete(watcher);
  }

  #call(callId: string): Call {
    const call = this.calls.get(callId);
    if (call === undefined) throw new CallNotFound(callId);
    return call;
  }

  #fail(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }
}

/** A carrier that notes its webhooks and takes every media socket. */
export class FakeCarrierDoors implements CarrierDoors {
  readonly webhooks: CarrierWebhook[] = [];
  readonly mediaPath = '/call';
  readonly mediaSockets = new WebSocketServer({ noServer: true });
  readonly routes: readonly CarrierRoute[] = [
    { methods: ['GET', 'POST'], path: '/twiml', handle: (webhook) => this.#note(webhook) },
    { methods: ['POST'], path: '/status', handle: (webhook) => this.#note(webhook) },
  ];

  upgrade: CarrierDoors['upgrade'] = (request, socket, head) => {
    this.mediaSockets.handleUpgrade(request, socket, head, (taken) => taken.send('"media"'));
  };

  close(): void {
    for (const socket of this.mediaSockets.clients) socket.close(1001);
  }

  async #note(webhook: CarrierWebhook) {
    this.webhooks.push(webhook);
    return { status: 200, contentType: 'text/xml', body: '<Response/>' };
  }
}

/** The list in memory. */
export class FakeDoNotCallList implements DoNotCallList {
  readonly #entries = new Map<string, DoNotCallEntry>();

  async add(entry: DoNotCallEntry): Promise<boolean> {
    if (this.#entries.has(entry.number)) return false;
    this.#entries.set(entry.number, entry);
    return true;
  }

  async has(number: string): Promise<boolean> {
    return this.#entries.has(number);
  }

  async remove(number: string): Promise<boolean> {
    return this.#entries.delete(number);
  }

  async page() {
    return { entries: [...this.#entries.values()], nextCursor: null };
  }
}

const nothingPurged: PurgeReport = { calls: 0, recordings: 0, stays: [] };
/** Nothing is kept, so nothing is removed. */
export const fakePurge: PurgeControl = {
  purgeCall: async () => nothingPurged,
  purgeNumber: async () => nothingPurged,
};

/** Nothing was ever sent. */
export const fakeWebhooks: WebhookControl = {
  isOn: false,
  page: async () => ({ deliveries: [], nextCursor: null }),
  counts: async () => ({ waiting: 0, dead: 0 }),
  replay: () => Promise.reject(new WebhooksOff()),
  replayDead: () => Promise.reject(new WebhooksOff()),
  ping: () => Promise.reject(new WebhooksOff()),
};

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly control: FakeControl;
  readonly carrierDoors: FakeCarrierDoors;
  close(): Promise<void>;
}

/** The doors on a free port, in front of fakes. */
export async function serve(environment: Environment = {}, rooms: Partial<HttpRooms> = {}): Promise<Served> {
  const control = new FakeControl();
  const carrierDoors = new FakeCarrierDoors();
  const config = readConfig({ PORT: '0', ...environment });
  const probe = new Probe({ newId: (prefix) => `${prefix}_${randomBytes(8).toString('hex')}` });
  const doors = await createHttpDoors({
    config,
    runtime: { clock: realClock, log: silentLog, fetch },
    control,
    recordings: { isOn: false, of: async () => undefined },
    doNotCall: new DoNotCall(new FakeDoNotCallList(), realClock),
    house: control,
    purge: fakePurge,
    exporter: { export: async () => (async function* () {})() },
    backUp: async () => Readable.from([]),
    webhooks: fakeWebhooks,
    audit: new FakeAudit(),
    carrierDoors,
    mcp: {
      handleHttp: echoMcp,
      acceptWebSocket: (socket) => socket.on('error', () => {}).on('message', (data) => socket.send(data)),
    },
    ...(await fakeSetupRooms(config)),
    probe,
    agentTools: [{ type: 'function', name: 'end_call' }],
    webappFolder: '/nonexistent',
    readiness: async () => [],
    publicUrl: () => config.publicUrl,
    version: '1.2.3',
    ...rooms,
  });
  return { ...(await doors.listen()), control, carrierDoors, close: () => doors.close() };
}

/** Reads the whole body itself, as the MCP server does. */
async function echoMcp(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const part of request) body += String(part);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ method: request.method, body }));
}

/** A client's socket that keeps every frame and can be asked for the next ones. */
export class Client {
  readonly socket: WebSocket;
  readonly frames: unknown[] = [];

  constructor(url: string, options: { headers?: Record<string, string>; protocols?: string[] } = {}) {
    const { headers = {}, protocols = [] } = options;
    this.socket = new WebSocket(url.replace('http', 'ws'), protocols, { headers });
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    this.socket.on('error', () => {});
  }

  /** All frames, once there are `count`. */
  async received(count: number): Promise<readonly unknown[]> {
    while (this.frames.length < count) await once(this.socket, 'message');
    return this.frames;
  }

  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    const [code, reason] = await once(this.socket, 'close');
    return { code, reason: String(reason) };
  }

  /** Status of the HTTP answer that refused the upgrade. */
  async refused(): Promise<number | undefined> {
    const [, response] = (await once(this.socket, 'unexpected-response')) as [unknown, IncomingMessage];
    response.resume();
    return response.statusCode;
  }
}

/** Sends bytes as they are and gives back all that came until the server closed. */
export async function rawExchange(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += data));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

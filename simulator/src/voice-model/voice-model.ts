import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Speech } from '../speech/speech.ts';
import { ruleBasedBrain } from './brain/rule-based-brain.ts';
import type { Brain } from './dialogue.ts';
import type { Faults } from './faults.ts';
import type { Pace } from './response-run.ts';
import { sentencesOf } from './sentences.ts';
import { SimulatedSession } from './simulated-session.ts';
import { speechVoiceOf } from './speech-voice.ts';
import { refusal } from './wire.ts';
import type { Problem } from './wire.ts';

/** What a client has told before its session begins. */
export interface Opening {
  /** Counts from 0. */
  readonly number: number;
  readonly model: string;
  readonly bearer: string;
}

export interface VoiceModelOptions {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  readonly host?: string;
  readonly speech: Speech;
  /** The agent of every session, or of each. By default the rule-based one. */
  readonly brain?: Brain | ((opening: Opening) => Brain);
  readonly faults?: Faults | ((opening: Opening) => Faults);
  readonly pace?: Partial<Pace>;
}

export interface SimulatedVoiceModel {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  /** All sessions there have been, in the order of their opening. */
  readonly sessions: readonly SimulatedSession[];
  /** The first session that this has not yet handed out, once there is one. */
  nextSession(): Promise<SimulatedSession>;
  /** Has an agent's words synthesised in the voice that sessions begin with, so that they come without delay. */
  rehearse(texts: readonly string[]): Promise<void>;
  /** Breaks off all sessions and stops listening. */
  close(): Promise<void>;
}

const models = ['gpt-realtime-2.1', 'gpt-realtime-2.1-mini', 'gpt-realtime-1.5'];
/** Models that a Realtime client cannot have. */
const foreignModel = /^gpt-(live|4o.*realtime-preview)/;
/** 15 MiB of audio in base64, and the event around it. */
const longestMessageBytes = 21 * 1024 * 1024;

/** Starts a voice model that speaks the OpenAI Realtime API (GA) over WebSocket. */
export async function startVoiceModel(options: VoiceModelOptions): Promise<SimulatedVoiceModel> {
  const brainOf = valueOf<Opening, Brain>(options.brain ?? ruleBasedBrain());
  const faultsOf = valueOf<Opening, Faults>(options.faults ?? {});
  const pace: Pace = { firstAudioMs: 200, timesRealTime: 4, ...options.pace };
  const sessions: SimulatedSession[] = [];
  const waiting: ((session: SimulatedSession) => void)[] = [];
  let handedOut = 0;
  let openings = 0;

  const server = createServer(answerHttp);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessageBytes,
    perMessageDeflate: false,
  });

  const open = (request: IncomingMessage, socket: Duplex, head: Buffer, opening: Opening, faults: Faults) => {
    const problem = openingProblem(request, opening.model);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (problem) {
        webSocket.on('error', () => webSocket.terminate());
        webSocket.send(
          JSON.stringify({ type: 'error', event_id: 'event_refused', error: { ...problem, event_id: null } }),
        );
        webSocket.close(4000, 'invalid_request_error');
        return;
      }
      const { number, model } = opening;
      const brain = brainOf(opening);
      const session = new SimulatedSession({
        socket: webSocket,
        number,
        model,
        brain,
        faults,
        pace,
        speech: options.speech,
      });
      sessions.push(session);
      const first = waiting.shift();
      if (!first) return;
      handedOut++;
      first(session);
    });
  };

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const url = addressOf(request);
    const bearer = bearerOf(request);
    if (url.pathname !== '/v1/realtime') return refuseUpgrade(socket, 404, notFound(url.pathname));
    if (bearer === undefined) return refuseUpgrade(socket, 401, unauthorized);
    const opening = { number: openings++, model: url.searchParams.get('model') ?? '', bearer };
    const faults = faultsOf(opening);
    if (faults.refusesUpgradeWith !== undefined) {
      const problem = {
        ...refusal('server_error', 'The simulated voice model refuses this session.'),
        type: 'server_error',
      };
      return refuseUpgrade(socket, faults.refusesUpgradeWith, problem);
    }
    if (faults.opensAfterMs === undefined) return open(request, socket, head, opening, faults);
    setTimeout(() => {
      if (!socket.destroyed && server.listening) open(request, socket, head, opening, faults);
    }, faults.opensAfterMs);
  });

  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    baseUrl: `http://${host}:${port}/v1`,
    sessions,
    nextSession: () => {
      const ready = sessions[handedOut];
      if (!ready) return new Promise((resolve) => waiting.push(resolve));
      handedOut++;
      return Promise.resolve(ready);
    },
    rehearse: (texts) => {
      const voice = speechVoiceOf('marin');
      const sentences = texts.flatMap((text) => sentencesOf(text));
      return options.speech.prepare(sentences.map((text) => ({ text, voice })));
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answerHttp(request: IncomingMessage, response: ServerResponse): void {
  const answer = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const { pathname } = addressOf(request);
  request.resume();
  if (bearerOf(request) === undefined) return answer(401, { error: unauthorized });
  if (request.method === 'GET' && pathname === '/v1/models') {
    return answer(200, { object: 'list', data: models.map(described) });
  }
  const model = /^\/v1\/models\/([^/]+)$/.exec(pathname)?.[1];
  if (request.method === 'GET' && model !== undefined && models.includes(model)) {
    return answer(200, described(model));
  }
  return answer(404, { error: notFound(pathname) });
}

/** Whatever a client asks for: an address that is none is nowhere. */
function addressOf({ url = '/' }: IncomingMessage): URL {
  return URL.canParse(url, 'http://localhost')
    ? new URL(url, 'http://localhost')
    : new URL('http://localhost/?');
}

function described(id: string): object {
  return { id, object: 'model', created: 1_780_000_000, owned_by: 'simulator', shutdown_date: null };
}

function openingProblem(request: IncomingMessage, model: string): Problem | undefined {
  const beta = request.headers['openai-beta'];
  if (beta !== undefined) {
    const name = String(beta).split('=')[0] ?? '';
    return refusal('invalid_beta', `Unknown beta requested: '${name}'`);
  }
  if (model === '') return refusal('missing_model', 'You must provide a model parameter.', 'model');
  if (!foreignModel.test(model)) return undefined;
  return refusal('invalid_model', `Model "${model}" is not supported in realtime mode.`, 'model');
}

function bearerOf({ headers }: IncomingMessage): string | undefined {
  return /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
}

const unauthorized = {
  message: 'Missing bearer authentication in header',
  type: 'invalid_request_error',
  param: null,
  code: null,
};

function notFound(path: string): Problem {
  return refusal('unknown_url', `Unknown request URL: ${path}.`);
}

function refuseUpgrade(socket: Duplex, status: number, error: object): void {
  const body = JSON.stringify({ error });
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + body);
}

function valueOf<Argument, Value extends object>(
  choice: Value | ((argument: Argument) => Value),
): (argument: Argument) => Value {
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- a value may be a function, too, for the compiler
  return typeof choice === 'function' ? (choice as (argument: Argument) => Value) : () => choice;
}

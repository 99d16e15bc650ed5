import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { WebSocket } from 'ws';
import type { CarrierDoors } from '../src/carriers/carrier.ts';
import type { Config } from '../src/config/config.ts';
import type { Clock, Runtime } from '../src/lib/runtime.ts';
import { silentLog } from '../src/lib/log.ts';
import { Tally } from '../src/lib/tally.ts';

/** What Twilio is in these tests: a REST server, signed webhooks, and media sockets. */

export const accountSid = `AC${'0'.repeat(32)}`;
export const callSid = `CA${'1'.repeat(32)}`;
export const streamSid = `MZ${'2'.repeat(32)}`;
export const authToken = 'the-auth-token';

/** A clock that a test moves by hand. */
export class HandClock implements Clock {
  #ms = 0;
  #tasks = new Set<{ dueMs: number; task: () => void }>();
  now = () => this.#ms;
  elapsed = () => this.#ms;
  after = (ms: number, task: () => void) => {
    const entry = { dueMs: this.#ms + ms, task };
    this.#tasks.add(entry);
    return () => void this.#tasks.delete(entry);
  };

  get pendingCount(): number {
    return this.#tasks.size;
  }

  advance(ms: number): void {
    const untilMs = this.#ms + ms;
    for (;;) {
      const due = [...this.#tasks]
        .filter((entry) => entry.dueMs <= untilMs)
        .sort((a, b) => a.dueMs - b.dueMs)[0];
      if (due === undefined) break;
      this.#tasks.delete(due);
      this.#ms = due.dueMs;
      due.task();
    }
    this.#ms = untilMs;
  }
}

export function testRuntime(clock: Clock): Runtime {
  return { clock, log: silentLog, tally: new Tally(), newId: (prefix) => `${prefix}1`, fetch };
}

export function twilioConfig(given: {
  publicUrl: string | null;
  baseUrl?: string;
  apiKey?: { sid: string; secret: string };
}): Pick<Config, 'twilio' | 'publicUrl' | 'demo'> {
  return {
    publicUrl: given.publicUrl,
    demo: { carrier: false, voiceModel: false },
    twilio: {
      accountSid,
      authToken,
      apiKey: given.apiKey ?? null,
      signingKey: null,
      baseUrl: given.baseUrl ?? 'https://api.twilio.com',
    },
  };
}

export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly form: URLSearchParams;
}

/** A REST server that answers as it is told and remembers what it was asked. */
export async function restServer(answer: (request: RestRequest, response: ServerResponse) => void) {
  const requests: RestRequest[] = [];
  async function take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = message;
    const form = new URLSearchParams(await bodyOf(message));
    const request = { method, path: url, authorization: headers.authorization ?? '', form };
    requests.push(request);
    answer(request, response);
  }
  const server = createServer((message, response) => void take(message, response));
  return { requests, baseUrl: await listening(server), stop: () => stopped(server) };
}

/** The doors behind a server of their own. The doors need its address first, so they come later. */
export async function doorServer() {
  let doors: CarrierDoors | undefined;
  async function take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = message;
    const route = doors?.routes.find((route) => route.path === url.split('?', 1)[0]);
    if (!route?.methods.includes(method as 'GET' | 'POST')) {
      response.writeHead(404).end();
      return;
    }
    const answer = await route.handle({ method, url, headers, body: await bodyOf(message) });
    response.writeHead(answer.status, { 'content-type': answer.contentType }).end(answer.body);
  }
  const server = createServer((message, response) => void take(message, response));
  server.on('upgrade', (request, socket, head) => doors?.upgrade(request, socket, head));
  const origin = await listening(server);
  return {
    origin,
    open: (opened: CarrierDoors) => {
      doors = opened;
    },
    stop: async () => {
      doors?.close();
      await stopped(server);
    },
  };
}

/** Calls a webhook, signed as the official library signs. */
export function callback(url: string, fields: Record<string, string>, token = authToken): Promise<Response> {
  const signature = twilio.getExpectedTwilioSignature(token, url, fields);
  return fetch(url, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature },
    body: new URLSearchParams(fields),
  });
}

/** Opens a media socket, signed over its `ws` address. */
export function mediaSocket(origin: string, token = authToken): WebSocket {
  const url = `${origin.replace('http', 'ws')}/call`;
  const signature = twilio.getExpectedTwilioSignature(token, url, {});
  return new WebSocket(url, { headers: { 'x-twilio-signature': signature }, perMessageDeflate: true });
}

export const messages = {
  connected: JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
  start: (customParameters: Record<string, string>) =>
    JSON.stringify({
      event: 'start',
      sequenceNumber: '1',
      streamSid,
      start: {
        streamSid,
        accountSid,
        callSid,
        tracks: ['inbound'],
        customParameters,
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      },
    }),
  media: (timestamp: number, payload: string) =>
    JSON.stringify({
      event: 'media',
      sequenceNumber: '2',
      streamSid,
      media: { track: 'inbound', chunk: '1', timestamp: String(timestamp), payload },
    }),
  dtmf: (digit: string) =>
    JSON.stringify({
      event: 'dtmf',
      streamSid,
      sequenceNumber: '3',
      dtmf: { track: 'inbound_track', digit },
    }),
  mark: (name: string) => JSON.stringify({ event: 'mark', sequenceNumber: '4', streamSid, mark: { name } }),
  stop: JSON.stringify({ event: 'stop', sequenceNumber: '5', streamSid, stop: { accountSid, callSid } }),
};

async function bodyOf(message: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of message.setEncoding('utf8')) body += part as string;
  return body;
}

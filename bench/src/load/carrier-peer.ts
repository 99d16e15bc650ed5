import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { account, signatureOf } from './account.ts';
import type { Pacer } from './pacer.ts';
import { PhoneCall } from './phone-call.ts';
import type { Tally } from './tally.ts';

/** Callees are numbered up from here. */
const firstNumber = 14155550000;
/** So short that a model that takes 500 ms to open is not ready when the person speaks. */
const ringingMs = 50;

interface Dialed {
  readonly sid: string;
  readonly statusUrl: string;
  phone: PhoneCall | undefined;
}

/** The carrier: dials what the server asks for, calls its webhooks and opens its media streams. */
export class CarrierPeer {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #tally: Tally;
  readonly #pacer: Pacer;
  readonly #dialed = new Map<number, Dialed>();

  constructor(tally: Tally, pacer: Pacer) {
    this.#tally = tally;
    this.#pacer = pacer;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Has the server place a call, as a client of its API does. */
  async place(index: number, serverUrl: string): Promise<void> {
    const call = this.#tally.calls[index];
    if (call !== undefined) call.askedAt = performance.now();
    const body = JSON.stringify({
      to: `+${firstNumber + index}`,
      goal: `Book a table for two at half past seven. This is bench call ${index}.`,
      timeoutSec: 900,
    });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${serverUrl}/api/calls`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The server did not place a call: ${text}`);
  }

  /** Opens a media stream at a server that takes any. */
  connect(index: number, serverUrl: string): void {
    const call = this.#tally.calls[index];
    if (call === undefined) return;
    call.askedAt = performance.now();
    const dialed: Dialed = { sid: callSid(index), statusUrl: '', phone: undefined };
    this.#dialed.set(index, dialed);
    const url = `${serverUrl.replace(/^http/, 'ws')}/call`;
    dialed.phone = new PhoneCall(
      call,
      this.#tally,
      { url, callSid: dialed.sid, parameters: {} },
      this.#pacer,
    );
  }

  fallSilent(): void {
    for (const { phone } of this.#dialed.values()) phone?.fallSilent();
  }

  /** All persons hang up. */
  async hangUpAll(): Promise<void> {
    for (const { phone } of this.#dialed.values()) phone?.hangUp();
    await Promise.all([...this.#dialed.values()].map((dialed) => this.#report(dialed, 'completed')));
  }

  async close(): Promise<void> {
    for (const { phone } of this.#dialed.values()) if (phone?.isOpen === true) phone.cutOff();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Twilio's REST API, as far as a server that places and ends calls asks it. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const text of request.setEncoding('utf8')) body += String(text);
    const form = new URLSearchParams(body);
    const sid = /\/Calls\/(CA\w+)\.json/.exec(request.url ?? '')?.[1];
    const isNew = sid === undefined && request.method === 'POST';
    const index = isNew ? Number(form.get('To')?.slice(1)) - firstNumber : indexOf(sid);
    response.writeHead(isNew ? 201 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ sid: callSid(index), status: isNew ? 'queued' : 'in-progress' }));
    if (isNew) await this.#dial(index, form);
    // Nobody but the person ends a call here: the server gave one up.
    else if (request.method === 'POST' && this.#dialed.get(index)?.phone?.isOpen === true) {
      this.#tally.brokenCalls += 1;
    }
  }

  async #dial(index: number, form: URLSearchParams): Promise<void> {
    const call = this.#tally.calls[index];
    const statusUrl = form.get('StatusCallback') ?? '';
    const dialed: Dialed = { sid: callSid(index), statusUrl, phone: undefined };
    this.#dialed.set(index, dialed);
    await this.#report(dialed, 'ringing');
    await pause(ringingMs);
    void this.#report(dialed, 'in-progress');
    const twiml = await this.#webhook(form.get('Url') ?? '', dialed, 'in-progress');
    const url = /<Stream url="([^"]+)"/.exec(twiml)?.[1];
    const parameters = Object.fromEntries(
      [...twiml.matchAll(/<Parameter name="([^"]+)" value="([^"]+)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    ) as Record<string, string>;
    if (url === undefined || call === undefined) return;
    dialed.phone = new PhoneCall(call, this.#tally, { url, callSid: dialed.sid, parameters }, this.#pacer);
  }

  async #report(dialed: Dialed, status: string): Promise<void> {
    if (dialed.statusUrl !== '') await this.#webhook(dialed.statusUrl, dialed, status);
  }

  async #webhook(url: string, { sid }: Dialed, status: string): Promise<string> {
    const fields = { AccountSid: account.sid, CallSid: sid, CallStatus: status, From: account.phoneNumber };
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'x-twilio-signature': signatureOf(url, fields) },
      body: new URLSearchParams(fields),
    });
    return answer.text();
  }
}

function callSid(index: number): string {
  return `CA${index.toString(16).padStart(32, '0')}`;
}

function indexOf(sid: string | undefined): number {
  return Number.parseInt(sid?.slice(2) ?? '', 16);
}

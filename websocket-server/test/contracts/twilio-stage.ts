import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSpeech, silentPerson, startPhoneNetwork } from '@mcp-telephone/simulator';
import type { Persona, SimulatedCall } from '@mcp-telephone/simulator';
import { createTwilio } from '../../src/carriers/twilio/index.ts';
import { silentLog } from '../../src/lib/log.ts';
import { systemRuntime } from '../../src/lib/system-runtime.ts';
import {
  accountSid,
  authToken,
  callback,
  doorServer,
  listening,
  mediaSocket,
  stopped,
  twilioConfig,
} from '../twilio-side.ts';
import { Office } from './carrier-stage.ts';
import type { Callee, CarrierStage, Phone } from './carrier-stage.ts';

const ownNumber = '+15005550006';
const words = {
  dialing: 'initiated',
  ringing: 'ringing',
  connected: 'in-progress',
  ended: 'completed',
} as const;

/** Twilio's adapter between real sockets: a simulated phone network, and doors that it reaches. */
export async function openTwilioStage(): Promise<CarrierStage> {
  const speech = createSpeech();
  const people = new Map<string, Persona>();
  const keys = new Map<string, string>();
  const network = await startPhoneNetwork({
    accountSid,
    authToken,
    speech,
    personaFor: (number) => people.get(number),
  });
  const rest = await openLossyWay(network.url);
  const doors = await doorServer();
  const office = new Office();
  const config = twilioConfig({ publicUrl: doors.origin, baseUrl: rest.url });
  const carrier = createTwilio(config, systemRuntime(silentLog));
  doors.open(carrier.doors(office));
  let numbers = 0;

  function meet(number: string): Persona['meet'] {
    return () => ({
      tick: () => undefined,
      pressed: (digit) => keys.set(number, (keys.get(number) ?? '') + digit),
    });
  }

  function phoneOf(call: SimulatedCall, number: string): Phone {
    return {
      get isUp() {
        return !call.isOver;
      },
      get heardWords() {
        return call.heardWords;
      },
      get heardMs() {
        return call.receivedAudio.bytes / 8;
      },
      get heardKeys() {
        return keys.get(number) ?? '';
      },
      plays: (audio) => call.person.plays(audio),
      presses: (digits) => call.person.presses(digits),
      hangsUp: () => call.person.hangsUp(),
      over: async () => {
        await call.until(() => call.isOver || undefined, 'its end');
        await call.settled();
      },
    };
  }

  return {
    carrier,
    office,
    ownNumber,
    number: (callee) => {
      const number = `+1415555${String(++numbers).padStart(4, '0')}`;
      people.set(number, { ...silentPerson, ...behaviours[callee], meet: meet(number) });
      return number;
    },
    phone: (carrierCallId) => {
      const call = network.calls.find(({ sid }) => sid === carrierCallId);
      if (call === undefined) throw new Error(`the network has no call ${carrierCallId}`);
      return phoneOf(call, call.to);
    },
    dialingsOf: (number) => network.calls.filter(({ to }) => to === number).length,
    loseNextAnswer: rest.loseNextAnswer,
    dialIn: (from) => {
      const webhooks = { webhookUrl: `${doors.origin}/twiml`, statusCallback: `${doors.origin}/status` };
      const persona = { ...silentPerson, meet: meet(from) };
      return phoneOf(network.dialIn({ to: ownNumber, from, ...webhooks, persona }), from);
    },
    report: async (callId, carrierCallId, progress) => {
      const form = { AccountSid: accountSid, CallSid: carrierCallId, CallStatus: words[progress] };
      await callback(`${doors.origin}/status?call=${callId}`, form);
    },
    knocksAsStranger: async (callId, carrierCallId) => {
      const form = { AccountSid: accountSid, CallSid: carrierCallId, CallStatus: 'completed' };
      const reported = await callback(`${doors.origin}/status?call=${callId}`, form, 'a-guess');
      const status = await new Promise<number>((resolve) => {
        const socket = mediaSocket(doors.origin, 'a-guess');
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
        socket.on('open', () => resolve(101));
        socket.on('error', () => undefined);
      });
      return { isRefused: reported.status === 403 && status === 403 };
    },
    close: async () => {
      await network.close();
      await Promise.all([doors.stop(), rest.stop()]);
      await speech.close();
    },
  };
}

const behaviours: Readonly<Record<Callee, Partial<Persona>>> = {
  'picks-up': { ringsForMs: 100 },
  'lets-it-ring': { ringsForMs: 60_000 },
  'is-busy': { pickUp: 'busy', ringsForMs: 100 },
  'is-refused': { pickUp: 'rejected' },
};

/** A way to the REST API on which answers may get lost. */
async function openLossyWay(target: string) {
  let loss: 'after-dialing' | 'before-dialing' | undefined;
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const lost = request.method === 'POST' && request.url?.endsWith('/Calls.json') ? loss : undefined;
    if (lost !== undefined) loss = undefined;
    if (lost === 'before-dialing') return void response.writeHead(502).end();
    const { authorization = '', 'content-type': type = 'text/plain' } = request.headers;
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { authorization, 'content-type': type },
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    });
    if (lost === 'after-dialing') return void response.writeHead(502).end();
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  }
  const server = createServer((request, response) => void pass(request, response));
  return {
    url: await listening(server),
    loseNextAnswer: (when: typeof loss) => (loss = when),
    stop: () => stopped(server),
  };
}

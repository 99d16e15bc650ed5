import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Persona } from '../personas/persona.ts';
import { personaAt, personasByLastDigits, silentPerson } from '../personas/persona-at.ts';
import type { Speech } from '../speech/speech.ts';
import { softphonePath, takeSoftphones } from '../softphones/softphone-socket.ts';
import { ownNumber, Softphones } from '../softphones/softphones.ts';
import { Account } from './account.ts';
import type { AccountFacts } from './account.ts';
import { orderOf } from './call-order.ts';
import type { CallOrder } from './call-order.ts';
import { Expectations } from './expectations.ts';
import type { Faults } from './faults.ts';
import { createRestApi, hasCredentials } from './rest-api.ts';
import type { RestRequest } from './rest-api.ts';
import { RestError } from './rest-error.ts';
import { SimulatedCall } from './simulated-call.ts';
import type { CallSurroundings } from './simulated-call.ts';
import { createTicker } from './ticker.ts';

export interface PhoneNetworkOptions {
  /** A free one by default. */
  readonly port?: number;
  readonly host?: string;
  readonly accountSid: string;
  /** Signs the webhooks and is one of the ways into the REST API. */
  readonly authToken: string;
  readonly apiKey?: { readonly sid: string; readonly secret: string } | undefined;
  /** The account's own numbers, as the REST API lists them. */
  readonly ownNumbers?: readonly string[];
  /** What else the account is and has: a full and active one by default. */
  readonly account?: AccountFacts;
  /** Whether calls may be placed from numbers that are not the account's; they may unless this is false. */
  readonly takesAnyCaller?: boolean;
  /** Not closed by the network. */
  readonly speech: Speech;
  /** Who is at a number, where it is not what its last four digits say. */
  readonly personaFor?: (to: string) => Persona | undefined;
  /** What goes wrong in the calls to a number. */
  readonly faultsFor?: (to: string) => Faults | undefined;
  /** The voice webhook and the status callback of the account's number: with them softphones may dial it. */
  readonly ownWebhooks?: { readonly voice: string; readonly status: string } | undefined;
  /** Every call that is answered becomes `<CallSid>.wav` in here. */
  readonly recordingsFolder?: string | undefined;
  /** How long every phone rings, instead of the persona's own time. */
  readonly ringsForMs?: number | undefined;
}

export interface InboundCall {
  readonly to: string;
  readonly from: string;
  /** The voice webhook of the number dialed. */
  readonly webhookUrl: string;
  readonly persona?: Persona;
  readonly statusCallback?: string;
  readonly faults?: Faults;
}

/** A phone network that speaks Twilio's wires. */
export interface PhoneNetwork {
  /** The origin of the REST API. */
  readonly url: string;
  /** Where a phone in the hands of a human is plugged in: a WebSocket, credentials included. */
  readonly softphoneUrl: string;
  /** The REST requests seen, oldest first. */
  readonly requests: readonly RestRequest[];
  readonly calls: readonly SimulatedCall[];
  /** The oldest call that was not handed out yet, or the next to come. */
  nextCall(withinMs?: number): Promise<SimulatedCall>;
  /** Someone dials the account's number. */
  dialIn(call: InboundCall): SimulatedCall;
  /** Ends all calls and waits for what they still have to tell and write. */
  close(): Promise<void>;
}

/** Starts the network on a port of its own. */
export async function startPhoneNetwork(options: PhoneNetworkOptions): Promise<PhoneNetwork> {
  const { accountSid, authToken, apiKey, speech, recordingsFolder, ringsForMs } = options;
  const ticker = createTicker();
  const calls: SimulatedCall[] = [];
  const requests: RestRequest[] = [];
  const expectations = new Expectations();
  let handedOut = 0;
  const surroundings: CallSurroundings = {
    accountSid,
    authToken,
    speech,
    ticker,
    personaAt: (number) => options.personaFor?.(number) ?? personaAt(number),
    ...(recordingsFolder === undefined ? {} : { recordingsFolder }),
    ...(ringsForMs === undefined ? {} : { ringsForMs }),
  };

  const newCall = (order: CallOrder, persona: Persona, faults: Faults = {}): SimulatedCall => {
    const call = new SimulatedCall(order, persona, faults, surroundings);
    calls.push(call);
    expectations.changed();
    return call;
  };

  const dialIn = ({ to, from, webhookUrl, persona, statusCallback, faults }: InboundCall): SimulatedCall => {
    const call = newCall(
      {
        to,
        from,
        direction: 'inbound',
        document: { url: webhookUrl, method: 'POST' },
        statusCallback,
        statusCallbackMethod: 'POST',
      },
      persona ?? personaAt(from),
      faults,
    );
    call.arrive();
    return call;
  };

  const [agentNumber] = options.ownNumbers ?? [];
  const { ownWebhooks } = options;
  const softphones = new Softphones({
    busy: personasByLastDigits['0103'] ?? silentPerson,
    agentNumber: ownWebhooks === undefined ? null : (agentNumber ?? null),
    dial: (persona) => {
      const call = dialIn({
        to: agentNumber ?? '',
        from: ownNumber,
        webhookUrl: ownWebhooks?.voice ?? '',
        ...(ownWebhooks && { statusCallback: ownWebhooks.status }),
        persona,
      });
      const { sid, from, to } = call;
      return { sid, from, to, answer: () => undefined, decline: () => call.person.hangsUp() };
    },
  });

  const server = createServer(
    createRestApi({
      accountSid,
      account: new Account(accountSid, options.ownNumbers ?? [], options.account ?? {}),
      authToken,
      apiKey,
      ownNumbers: options.ownNumbers ?? [],
      takesAnyCaller: options.takesAnyCaller ?? true,
      calls: () => calls,
      placeCall: (params) => {
        const persona =
          options.personaFor?.(params.To) ?? softphones.personaFor(params.To) ?? personaAt(params.To);
        if (persona.pickUp === 'rejected') {
          throw new RestError(400, 21211, `The 'To' number ${params.To} is not a valid phone number.`);
        }
        const call = newCall(orderOf(params), persona, options.faultsFor?.(params.To));
        call.dial();
        return call;
      },
      onRequest: (request) => requests.push(request),
    }),
  );
  const closeSoftphones = takeSoftphones(server, softphones, (request) =>
    hasCredentials({ accountSid, authToken, apiKey }, request),
  );
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;

  const authority = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;

  return {
    url: `http://${authority}`,
    softphoneUrl: `ws://${accountSid}:${authToken}@${authority}${softphonePath}`,
    requests,
    calls,
    nextCall: async (withinMs = 10_000) => {
      const index = handedOut++;
      return expectations.until(
        () => calls[index],
        'a call',
        withinMs,
        () => `there were ${calls.length}`,
      );
    },
    dialIn,
    close: async () => {
      for (const call of calls) call.end('completed', 'network');
      await Promise.all(calls.map((call) => call.settled()));
      ticker.close();
      expectations.close('the phone network was closed');
      closeSoftphones();
      server.close();
      server.closeAllConnections();
    },
  };
}

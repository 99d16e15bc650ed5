import type { Call } from '../call/call.ts';
import { CallElsewhere, TelephoneError } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { HolderRequests } from '../storage/holder-requests.ts';
import type { ServerInstances } from '../storage/server-instances.ts';
import type { SteerRequest } from './call-control.ts';

/** What only the server that holds a call can do. */
export type HolderOrder =
  | { readonly do: 'answer'; readonly questionId: string; readonly answer: string }
  | { readonly do: 'steer'; readonly request: SteerRequest };

/** What came of it there. */
type HolderReply =
  | { readonly isDone: boolean }
  | {
      readonly refusal: Readonly<{
        code: string;
        message: string;
        details: Readonly<Record<string, unknown>>;
      }>;
    };

interface ElsewhereParts {
  readonly instances: Pick<ServerInstances, 'areShared' | 'whereHeld'>;
  readonly requests: HolderRequests;
  /** Does it with a call that is held here. @throws TelephoneError */
  readonly carryOut: (callId: string, order: HolderOrder) => Promise<boolean>;
  readonly runtime: Pick<Runtime, 'clock' | 'log' | 'newId'>;
}

/** A holder looks about once a second. */
const patienceMs = 6000;
const lookEveryMs = 150;
const unclear =
  'The server that holds the call has not said what came of this: it may have been done. Look at the call before you ask again.';

/** Has what is asked here done by the server that holds the call, and does what is asked of this one elsewhere. */
export class Elsewhere {
  readonly #parts: ElsewhereParts;

  constructor(parts: ElsewhereParts) {
    this.#parts = parts;
  }

  /**
   * Has an order carried out where the call is held, within a second or so.
   *
   * @returns what `carryOut` returned there
   * @throws TelephoneError that it threw there; CallElsewhere when nobody answers in time
   */
  async ask(call: Call, order: HolderOrder): Promise<boolean> {
    const { instances, requests, runtime } = this.#parts;
    const { clock, log } = runtime;
    if (!instances.areShared) throw new CallElsewhere(call.callId, call.state, null);
    const requestId = runtime.newId('ask');
    await requests.leave({ requestId, callId: call.callId, order: JSON.stringify(order) });
    let isTaken = true;
    try {
      for (const until = clock.elapsed() + patienceMs; clock.elapsed() < until;) {
        await new Promise<void>((resolve) => clock.after(lookEveryMs, resolve));
        const reply = await requests.replyTo(requestId);
        if (reply !== null) return outcomeOf(JSON.parse(reply) as HolderReply);
      }
    } finally {
      isTaken = await requests.drop(requestId).catch((err: unknown) => {
        log.warn('a request to another server could not be taken back', { err });
        return true;
      });
    }
    throw isTaken ? new TelephoneError('call-is-elsewhere', unclear) : await this.refusal(call);
  }

  /** What to tell who asks for what can be done at the holder's only. */
  async refusal({ callId, state }: Call): Promise<CallElsewhere> {
    return new CallElsewhere(callId, state, await this.#parts.instances.whereHeld(callId));
  }

  /** Does what was asked of this server's calls elsewhere. */
  async heed(): Promise<void> {
    const { requests, runtime } = this.#parts;
    for (const { requestId, callId, order } of await requests.take()) {
      this.#carryOut(callId, JSON.parse(order) as HolderOrder)
        .then((reply) => requests.reply(requestId, JSON.stringify(reply)))
        .catch((err: unknown) =>
          runtime.log.error('what another server asked for could not be done', { callId, err }),
        );
    }
  }

  async #carryOut(callId: string, order: HolderOrder): Promise<HolderReply> {
    try {
      return { isDone: await this.#parts.carryOut(callId, order) };
    } catch (error) {
      if (!(error instanceof TelephoneError)) throw error;
      const { code, message, details } = error;
      return { refusal: { code, message, details } };
    }
  }
}

function outcomeOf(reply: HolderReply): boolean {
  if ('isDone' in reply) return reply.isDone;
  const { code, message, details } = reply.refusal;
  throw new TelephoneError(code, message, details);
}

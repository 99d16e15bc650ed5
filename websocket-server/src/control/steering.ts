import { isEnded } from '../call/call.ts';
import type { Call } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import { CallElsewhere, InvalidRequest } from '../lib/errors.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CallEar } from '../session/listeners.ts';
import type { HolderRequests } from '../storage/holder-requests.ts';
import type { ServerInstances } from '../storage/server-instances.ts';
import type { ListeningIn, SteerRequest } from './call-control.ts';
import type { CallFeed } from './call-feed.ts';
import { waitsForItsTime } from './canceling.ts';
import type { Canceling } from './canceling.ts';
import { Elsewhere } from './elsewhere.ts';
import type { HolderOrder } from './elsewhere.ts';
import type { OpenCall } from './open-call.ts';
import type { OpenCalls } from './open-calls.ts';
import { checkedSteering, longestWords } from './steer-request.ts';
import type { CheckedTransfer } from './steer-request.ts';
import type { TransferNumbers } from './transfer-numbers.ts';

interface SteeringParts {
  readonly feed: Pick<CallFeed, 'read'>;
  readonly open: Pick<OpenCalls, 'get'>;
  readonly canceling: Pick<Canceling, 'cancel'>;
  readonly allowed: TransferNumbers;
  readonly instances: Pick<ServerInstances, 'areShared' | 'whereHeld'>;
  readonly requests: HolderRequests;
  readonly runtime: Runtime;
}

const cannotTalk =
  'The person cannot be talked to at this moment: they are not on the line yet, are being put through, or the call is ending. Try again in a second.';

/** What a call's owner does in it while it goes on: answers, steers, listens in. Only the call's holder can do it. */
export class Steering {
  readonly #parts: SteeringParts;
  readonly #elsewhere: Elsewhere;

  constructor(parts: SteeringParts) {
    this.#parts = parts;
    this.#elsewhere = new Elsewhere({
      instances: parts.instances,
      requests: parts.requests,
      runtime: parts.runtime,
      carryOut: async (callId, order) => {
        const { call } = await parts.feed.read(callId);
        if (this.#isElsewhere(call)) throw new CallElsewhere(callId, call.state, null);
        return this.#carryOut(call, order);
      },
    });
  }

  /** See `CallControl.answer`. */
  async answer(callId: string, questionId: string, answer: string): Promise<boolean> {
    const text = answer.trim();
    if (text === '')
      throw new InvalidRequest('"answer" is empty: say in a sentence what the agent is to know.');
    const { call } = await this.#parts.feed.read(callId);
    return this.#atHolder(call, { do: 'answer', questionId, answer: text.slice(0, longestWords) });
  }

  /** See `CallControl.steer`. */
  async steer(callId: string, request: SteerRequest): Promise<void> {
    const { feed, canceling, allowed } = this.#parts;
    const { call } = await feed.read(callId);
    const isBefore = call.answeredAt === null && !isEnded(call);
    const isTaken = call.endingReason?.why === 'transferred' && this.#isElsewhere(call);
    // Nobody is there to take leave of.
    if (request.action === 'hang_up' && (isBefore || isTaken)) return void (await canceling.cancel(callId));
    if (isTaken) throw new InvalidRequest(cannotTalk);
    if (this.#isElsewhere(call)) checkedSteering(request, allowed);
    await this.#atHolder(call, { do: 'steer', request });
  }

  /** See `CallControl.listen`. */
  async listen(callId: string, ear: CallEar, onEnd: () => void): Promise<ListeningIn> {
    const { call } = await this.#parts.feed.read(callId);
    const open = this.#parts.open.get(callId);
    if (this.#isElsewhere(call)) throw await this.#elsewhere.refusal(call);
    if (open === undefined || isEnded(call)) {
      throw new InvalidRequest(`The call is ${call.state}: only a call that goes on can be listened to.`);
    }
    void open.over.then(onEnd);
    return open.listen(ear);
  }

  /** Does what owners have asked of this server's calls at other servers. */
  heedOthers(): Promise<void> {
    return this.#elsewhere.heed();
  }

  /** Somebody holds it, and this server does not. A call that waits for its time is nobody's. */
  #isElsewhere(call: Call): boolean {
    return this.#parts.open.get(call.callId) === undefined && !isEnded(call) && !waitsForItsTime(call);
  }

  #atHolder(call: Call, order: HolderOrder): Promise<boolean> {
    return this.#isElsewhere(call) ? this.#elsewhere.ask(call, order) : this.#carryOut(call, order);
  }

  /** Does with a call what only its holder can. @returns whether it came to anything */
  async #carryOut(call: Call, order: HolderOrder): Promise<boolean> {
    const open = this.#parts.open.get(call.callId);
    if (order.do === 'answer') return open?.answer(order.questionId, order.answer) ?? false;
    if (open === undefined || call.state !== 'connected') {
      throw new InvalidRequest(`The call is ${call.state}: only a call that is connected can be steered.`);
    }
    if (!steered(open, checkedSteering(order.request, this.#parts.allowed))) {
      throw new InvalidRequest(cannotTalk);
    }
    return true;
  }
}

function steered(
  open: OpenCall,
  request: Exclude<SteerRequest, { action: 'transfer' }> | CheckedTransfer,
): boolean {
  switch (request.action) {
    case 'transfer':
      return open.transfer(request.to, request.mode);
    case 'hang_up':
      open.ending.leaveSoon(endReason('owner', 'canceled'));
      return true;
    default:
      return open.steer(request);
  }
}

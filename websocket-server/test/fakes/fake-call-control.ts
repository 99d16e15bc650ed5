import { isEnded } from '../../src/call/call.ts';
import type { Call, CallState } from '../../src/call/call.ts';
import type { CallEvent, CallHappening } from '../../src/call/call-event.ts';
import { foldCall } from '../../src/call/fold-call.ts';
import { endReason } from '../../src/call/end-reason.ts';
import { emptyTranscript, foldTranscript } from '../../src/call/transcript.ts';
import type { Transcript } from '../../src/call/transcript.ts';
import type {
  CallControl,
  CallReading,
  ListeningIn,
  PlaceRequest,
  SteerRequest,
  WaitOptions,
  WatchOptions,
  Watcher,
} from '../../src/control/call-control.ts';
import type { Verdict } from '../../src/control/policy/dial-rule.ts';
import { CallNotFound, InvalidRequest, NotPermitted } from '../../src/lib/errors.ts';
import type { CallPage, CallQuery } from '../../src/storage/call-store.ts';

/** Time of the first event of every fake call, ms since 1970. */
export const fakeStart = Date.UTC(2026, 0, 5, 12);

interface FakeCall {
  call: Call;
  transcript: Transcript;
  readonly news: Set<() => void>;
}

/** Calls in memory that ring nobody: they do what a test says, through the real folds. */
export class FakeCallControl implements CallControl {
  readonly requests: PlaceRequest[] = [];
  /** Thrown by the next `place` or `read`, as a fault inside would be. */
  fault: Error | undefined;
  readonly watchers = new Set<Watcher>();
  readonly #calls = new Map<string, FakeCall>();
  readonly #watchingWaiters = new Set<() => void>();
  #waiters = 0;
  #position = 0;

  /** What clients told agents, by call. */
  readonly steerings: { readonly callId: string; readonly request: SteerRequest }[] = [];

  /** The open question of a call, if it is this one, is answered. */
  answer(callId: string, questionId: string, answer: string): Promise<boolean> {
    return this.#settle(() => {
      const { call } = this.#find(callId);
      if (call.question?.questionId !== questionId) return false;
      this.happens(callId, { type: 'question-answered', questionId, answer });
      return true;
    });
  }

  steer(callId: string, request: SteerRequest): Promise<void> {
    return this.#settle(() => {
      this.#find(callId);
      this.steerings.push({ callId, request });
    });
  }

  listen(): Promise<ListeningIn> {
    return this.#settle(() => {
      throw new InvalidRequest('No MCP client listens in.');
    });
  }

  place(request: PlaceRequest): Promise<Call> {
    return this.#settle(() => {
      check(request);
      this.requests.push(request);
      const { idempotencyKey = null } = request;
      for (const { call } of this.#calls.values()) {
        if (idempotencyKey !== null && call.idempotencyKey === idempotencyKey) return call;
      }
      const callId = `call_${this.#calls.size + 1}`;
      const event = {
        type: 'call-requested',
        callId,
        sequence: 1,
        at: fakeStart,
        to: request.to,
        from: request.from ?? '+14155550199',
        errand: {
          goal: request.goal,
          context: request.context ?? {},
          instructions: request.instructions ?? null,
          voicemail: request.voicemail ?? { action: 'hang_up' },
          voice: request.voice ?? null,
          language: request.language ?? null,
          resultSchema: request.resultSchema ?? null,
        },
        maxDurationSeconds: request.maxDurationSeconds ?? 180,
        ringTimeoutSeconds: 30,
        idempotencyKey,
      } satisfies CallEvent;
      this.#calls.set(callId, {
        call: foldCall(undefined, event),
        transcript: emptyTranscript,
        news: new Set(),
      });
      this.#tell(event);
      return this.happens(callId, { type: 'dialing-started', carrier: 'fake' });
    });
  }

  /** What the gate says to every dry run. */
  verdict: Verdict = { allowed: true, reasons: [], warnings: [] };

  rehearse(request: PlaceRequest): Promise<Verdict> {
    return this.#settle(() => {
      check(request);
      return this.verdict;
    });
  }

  read(callId: string): Promise<CallReading> {
    return this.#settle(() => this.#reading(callId));
  }

  countOpen(): Promise<ReadonlyMap<CallState, number>> {
    return this.#settle(() => {
      const counts = new Map<CallState, number>();
      for (const { call } of this.#calls.values()) counts.set(call.state, (counts.get(call.state) ?? 0) + 1);
      return counts;
    });
  }

  list({ states, limit, before }: CallQuery): Promise<CallPage> {
    return this.#settle(() => {
      const all = [...this.#calls.values()]
        .map(({ call }) => call)
        .filter((call) => states === undefined || states.includes(call.state))
        .toReversed();
      const start = before === undefined ? 0 : Number(before);
      const nextCursor = start + limit < all.length ? String(start + limit) : null;
      return { calls: all.slice(start, start + limit), nextCursor };
    });
  }

  cancel(callId: string): Promise<{ call: Call; wasOpen: boolean }> {
    return this.#settle(() => {
      const wasOpen = !isEnded(this.#find(callId).call);
      if (wasOpen) this.ends(callId, 'canceled', endReason('owner', 'canceled'));
      return { call: this.#find(callId).call, wasOpen };
    });
  }

  /** News is any event here; `timeoutMs` counts in real time. */
  async waitFor(
    callId: string,
    { afterSequence, timeoutMs, signal, endOnly }: WaitOptions,
  ): Promise<CallReading> {
    const { news } = this.#find(callId);
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        news.delete(look);
        signal?.removeEventListener('abort', finish);
        this.#countWaiters(-1);
        resolve();
      };
      const look = () => {
        const { call } = this.#find(callId);
        if (isEnded(call) || (!endOnly && call.sequence > (afterSequence ?? 0))) finish();
      };
      const timer = setTimeout(finish, timeoutMs);
      news.add(look);
      signal?.addEventListener('abort', finish);
      this.#countWaiters(1);
      look();
    });
    return this.#reading(callId);
  }

  /** Tells what happens from here on; nothing that happened before. */
  watch(_options: WatchOptions, watcher: Watcher): () => void {
    watcher.caughtUp();
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Lets something happen to a call, one second after the event before. */
  happens(callId: string, happening: CallHappening): Call {
    const fake = this.#find(callId);
    const sequence = fake.call.sequence + 1;
    const event: CallEvent = { ...happening, callId, sequence, at: fakeStart + (sequence - 1) * 1000 };
    fake.call = foldCall(fake.call, event);
    fake.transcript = foldTranscript(fake.transcript, event);
    this.#tell(event);
    for (const look of fake.news) look();
    return fake.call;
  }

  /** Someone speaks, from the first word to the last. */
  says(callId: string, speaker: 'person' | 'agent', text: string, isInterrupted = false): void {
    const turns = this.#find(callId).transcript;
    const turnId = `turn-${turns.length + 1}`;
    this.happens(callId, {
      type: 'turn-started',
      turnId,
      speaker,
      afterTurnId: turns.at(-1)?.turnId ?? null,
    });
    this.happens(callId, { type: 'turn-ended', turnId, text, isInterrupted });
  }

  ends(
    callId: string,
    state: 'completed' | 'canceled' | 'failed',
    reason: ReturnType<typeof endReason>,
  ): void {
    const endedAt = fakeStart + this.#find(callId).call.sequence * 1000;
    this.happens(callId, { type: 'call-ended', state, endReason: reason, endedAt });
  }

  /** Resolves once exactly `count` requests wait for news. */
  async waiters(count: number): Promise<void> {
    while (this.#waiters !== count) {
      await new Promise<void>((resolve) => {
        const look = () => {
          this.#watchingWaiters.delete(look);
          resolve();
        };
        this.#watchingWaiters.add(look);
      });
    }
  }

  #tell(event: CallEvent): void {
    this.#position += 1;
    for (const watcher of this.watchers) watcher.event(event, this.#position);
  }

  #countWaiters(change: number): void {
    this.#waiters += change;
    for (const look of this.#watchingWaiters) look();
  }

  #reading(callId: string): CallReading {
    const { call, transcript } = this.#find(callId);
    return { call, transcript };
  }

  #find(callId: string): FakeCall {
    const found = this.#calls.get(callId);
    if (found === undefined) throw new CallNotFound(callId);
    return found;
  }

  async #settle<T>(task: () => T): Promise<T> {
    await Promise.resolve();
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
    return task();
  }
}

function check({ to }: PlaceRequest): void {
  if (!/^\+\d{8,15}$/.test(to)) {
    throw new InvalidRequest(`"to" must be a phone number in E.164, like "+14155550102".`);
  }
  if (to === '+1911000000') throw new NotPermitted('emergency', 'Emergency numbers are never dialed.');
}

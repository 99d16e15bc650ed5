import type { SimulatedCall, SimulatedPerson, SimulatedSession } from '@mcp-telephone/simulator';
import { isEnded } from '../../src/call/call.ts';
import type { CallEvent } from '../../src/call/call-event.ts';
import type { Turn } from '../../src/call/transcript.ts';
import type { CallControl, CallReading } from '../../src/control/call-control.ts';
import type { EventLog } from './event-log.ts';

export interface CallSurroundings {
  readonly control: CallControl;
  readonly log: EventLog;
  readonly lines: () => readonly SimulatedCall[];
  readonly sessions: () => readonly SimulatedSession[];
}

type Happened<Type extends CallEvent['type']> = Extract<CallEvent, { type: Type }>;
type Spoken = Exclude<Turn, { speaker: 'tool' }>;

/**
 * Refusals of requests that crossed on their way with an event of the model: it began or ended a response by
 * itself in the same moment. No client can rule that out.
 */
const crossings = new Set(['conversation_already_has_active_response', 'response_cancel_not_active']);

/** One call as a story follows it: at the carrier, at the voice model, and in the record. */
export class StagedCall {
  readonly callId: string;
  readonly goal: string;
  readonly #around: CallSurroundings;

  constructor(callId: string, goal: string, around: CallSurroundings) {
    this.callId = callId;
    this.goal = goal;
    this.#around = around;
  }

  /** What became durable of it so far. */
  get events(): CallEvent[] {
    return this.#around.log.of(this.callId);
  }

  /** The phone leg at the carrier. @throws Error before it is dialed */
  get line(): SimulatedCall {
    const line = this.#line;
    if (line === undefined) throw new Error(`${this.#story()} It was not dialed.`);
    return line;
  }

  get #line(): SimulatedCall | undefined {
    const sid = this.#find('call-dialed')?.carrierCallId ?? this.#find('call-arrived')?.carrierCallId;
    return this.#around.lines().find((candidate) => candidate.sid === sid);
  }

  get person(): SimulatedPerson {
    return this.line.person;
  }

  /** Its sessions at the voice model, oldest first. */
  get sessions(): readonly SimulatedSession[] {
    const ids = this.#all('voice-session-opened').map(({ sessionId }) => sessionId);
    return this.#around.sessions().filter(({ settings }) => ids.includes(settings.id));
  }

  /** The session of the moment. @throws Error before one is open */
  get model(): SimulatedSession {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new Error(`${this.#story()} It has no voice session.`);
    return session;
  }

  /** Waits until something has happened to it, for the nth time. */
  reaches<Type extends CallEvent['type']>(type: Type, nth = 1, withinMs = 30_000): Promise<Happened<Type>> {
    const look = () => this.#all(type)[nth - 1];
    const what = `${type}${nth === 1 ? '' : ` number ${nth}`} of the call to "${this.goal}"`;
    return this.#around.log.until(look, what, withinMs, () => this.#story());
  }

  /** Waits until person and agent can talk. */
  async connected(): Promise<this> {
    await Promise.all([this.reaches('media-stream-opened'), this.reaches('voice-session-opened')]);
    return this;
  }

  /** Waits for the end. @returns what the record then says */
  async ended(withinMs = 60_000): Promise<CallReading> {
    await this.reaches('call-ended', 1, withinMs);
    return this.reading();
  }

  reading(): Promise<CallReading> {
    return this.#around.control.read(this.callId);
  }

  /** Hangs up if nobody has; waits until all is written. */
  async close(): Promise<void> {
    const { call } = await this.reading();
    if (!isEnded(call)) await this.#around.control.cancel(this.callId);
    await this.ended();
  }

  /** What the server did against a protocol, at the carrier and at the voice model. */
  get violations(): readonly unknown[] {
    const atModel = this.sessions.flatMap(({ violations }) => violations);
    return [
      ...(this.#line?.violations ?? []),
      ...atModel.filter(({ problem }) => !crossings.has(problem.code ?? '')),
    ];
  }

  #find<Type extends CallEvent['type']>(type: Type): Happened<Type> | undefined {
    return this.#all(type)[0];
  }

  #all<Type extends CallEvent['type']>(type: Type): Happened<Type>[] {
    return this.events.filter((event): event is Happened<Type> => event.type === type);
  }

  #story(): string {
    const happened = this.events.map((event) =>
      event.type === 'turn-ended' ? `turn-ended "${event.text}"` : event.type,
    );
    return `so far: ${happened.join(', ') || 'nothing'}.`;
  }
}

/** What was said, without the tools. */
export function spokenIn({ transcript }: CallReading): Spoken[] {
  return transcript.filter((turn): turn is Spoken => turn.speaker !== 'tool');
}

/** The transcript as a script: `agent: Hello.` */
export function scriptOf(reading: CallReading): string[] {
  return spokenIn(reading).map(({ speaker, text }) => `${speaker}: ${text}`);
}

import type { Errand } from '../call/call.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import { NumberList } from './policy/number-list.ts';

/** How calls to one of our numbers are answered. */
interface InboundLine {
  readonly goal: string;
  readonly context?: Errand['context'] | undefined;
  readonly instructions?: string | undefined;
  readonly voice?: string | undefined;
  readonly language?: string | undefined;
  readonly timeoutSec?: number | undefined;
}

export interface InboundSettings {
  /** By number in E.164; `default` for all others. */
  readonly lines: Readonly<Record<string, InboundLine>>;
  /** Who may call us; empty: everybody. */
  readonly allowedCallers: readonly string[];
  readonly blockedCallers: readonly string[];
  /** For how many days whoever we rang resumes that errand by calling back; 0: never. */
  readonly callbackDays: number;
}

/** What is to be done with a call that arrives. */
export interface InboundErrand {
  readonly errand: Errand;
  readonly maxDurationSeconds: number;
  /** The call of ours that this one is taken to answer. */
  readonly resumes: string | null;
}

const inboundDurationSeconds = 600;
const dayMs = 24 * 60 * 60 * 1000;

/** Who may call us, and what the agent that answers is to do. */
export class InboundDesk {
  readonly #settings: InboundSettings;
  readonly #store: Pick<CallStore, 'lastDialed'>;
  readonly #clock: Clock;
  readonly #allowed: NumberList;
  readonly #blocked: NumberList;

  constructor(settings: InboundSettings, store: Pick<CallStore, 'lastDialed'>, clock: Clock) {
    this.#settings = settings;
    this.#store = store;
    this.#clock = clock;
    this.#allowed = new NumberList(settings.allowedCallers);
    this.#blocked = new NumberList(settings.blockedCallers);
  }

  /** @param from as the carrier tells it; it may be forged, or hidden */
  takes(from: string): boolean {
    return !this.#blocked.includes(from) && (this.#allowed.isEmpty || this.#allowed.includes(from));
  }

  /**
   * A number that we rang lately resumes that errand; anybody else gets the agent of the number that they dialed.
   *
   * @param to our number
   * @param general the errand where none is set for the number
   */
  async errandFor(
    { to, from }: { readonly to: string; readonly from: string },
    general: Errand,
  ): Promise<InboundErrand> {
    const line = this.#settings.lines[to] ?? this.#settings.lines['default'];
    const maxDurationSeconds = line?.timeoutSec ?? inboundDurationSeconds;
    const { callbackDays } = this.#settings;
    const since = this.#clock.now() - callbackDays * dayMs;
    const rung = callbackDays === 0 ? undefined : await this.#store.lastDialed(from, since);
    if (rung !== undefined) return { errand: rung.errand, maxDurationSeconds, resumes: rung.callId };
    if (line === undefined) return { errand: general, maxDurationSeconds, resumes: null };
    const { goal, context = {}, instructions = null, voice = null, language = null } = line;
    const errand = { ...general, goal, context, instructions, voice, language };
    return { errand, maxDurationSeconds, resumes: null };
  }
}

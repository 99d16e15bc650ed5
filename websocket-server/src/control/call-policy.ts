import { InvalidRequest, NotPermitted } from '../lib/errors.ts';
import type { Clock } from '../lib/runtime.ts';
import { forbidden, isInCountries, isPossible, sharesCallingCode } from './number-rules.ts';
import type { Forbidden } from './number-rules.ts';

export interface PolicySettings {
  readonly maxConcurrentCalls: number;
  readonly callsPerMinute: number;
  readonly allowedCountries: readonly string[] | '*' | null;
  /** A simulated network: numbers need not exist, and lie in no country. */
  readonly isSimulated: boolean;
}

const forbiddenSentences: Record<Forbidden, string> = {
  malformed:
    'must be a phone number in E.164 form: a plus, the country code and the number, digits only, e.g. +14155550123.',
  emergency: 'reaches an emergency service, which an agent never rings. Please call yourself.',
  short: 'is a short number or service code, which an agent never rings. Use a full number in E.164 form.',
  premium: 'is a premium-rate or shared-cost number, which an agent never rings.',
  satellite: 'belongs to a satellite or international network, which an agent never rings.',
};

/** The gate before every dialing: who may be rung, and how often. In code, so that no prompt can open it. */
export class CallPolicy {
  readonly #settings: PolicySettings;
  readonly #clock: Clock;
  #placedAt: number[] = [];

  constructor(settings: PolicySettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** @throws InvalidRequest, NotPermitted with a sentence that says what to change */
  checkNumbers(to: string, from: string): void {
    const { allowedCountries, isSimulated } = this.#settings;
    checkNumber('to', to);
    if (forbidden(from) === 'malformed') throw new InvalidRequest(`"from" ${forbiddenSentences.malformed}`);
    if (isSimulated) return;
    if (!isPossible(to)) {
      throw new InvalidRequest(`"to" (${to}) is not a possible number in its country. Check its digits.`);
    }
    if (allowedCountries === '*') return;
    const isAllowed =
      allowedCountries === null ? sharesCallingCode(to, from) : isInCountries(to, allowedCountries);
    if (!isAllowed) {
      throw new NotPermitted(
        'country',
        'Calls to the country of this number are not allowed here. The operator allows countries by ALLOWED_COUNTRIES, e.g. ALLOWED_COUNTRIES=US,CA or *.',
      );
    }
  }

  /** @throws NotPermitted when there are too many calls at once or in the last minute */
  checkCapacity(openCalls: number): void {
    const { maxConcurrentCalls, callsPerMinute } = this.#settings;
    if (openCalls >= maxConcurrentCalls) {
      throw new NotPermitted(
        'concurrent-calls',
        `${openCalls} calls are up, which is the limit. Wait until one ends; the operator sets the limit by MAX_CONCURRENT_CALLS.`,
      );
    }
    const minuteAgo = this.#clock.elapsed() - 60_000;
    this.#placedAt = this.#placedAt.filter((at) => at > minuteAgo);
    if (this.#placedAt.length >= callsPerMinute) {
      throw new NotPermitted(
        'calls-per-minute',
        `${callsPerMinute} calls were placed within a minute, which is the limit. Wait a little; the operator sets the limit by CALLS_PER_MINUTE.`,
      );
    }
  }

  /** Counts a call that is about to be dialed. */
  notePlaced(): void {
    this.#placedAt.push(this.#clock.elapsed());
  }
}

function checkNumber(name: string, number: string): void {
  const rule = forbidden(number);
  if (rule === 'malformed') throw new InvalidRequest(`"${name}" ${forbiddenSentences.malformed}`);
  if (rule !== undefined) throw new NotPermitted(rule, `"${name}" (${number}) ${forbiddenSentences[rule]}`);
}

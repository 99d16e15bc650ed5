import type { Callee } from '../../call/call.ts';
import type { DailyHours } from '../../lib/daily-hours.ts';
import { InvalidRequest, NotPermitted } from '../../lib/errors.ts';
import type { Clock } from '../../lib/runtime.ts';
import type { CallStore, DialTally } from '../../storage/call-store.ts';
import { usualHours } from './calling-hours.ts';
import type { DialCaps, DialFacts, DialSettings, Verdict } from './dial-rule.ts';
import { dialRules } from './dial-rules.ts';
import { forbidden } from './forbidden-numbers.ts';
import { NumberList } from './number-list.ts';

/** As the operator set them; null: the default of the network, which for a simulated one is mostly no limit. */
export interface PolicySettings {
  readonly maxConcurrentCalls: number | null;
  readonly callsPerMinute: number | null;
  readonly callsPerHour: number | null;
  readonly callsPerDay: number | null;
  readonly callsPerNumberPerDay: number | null;
  readonly callsPerNumberAtOnce: number | null;
  readonly allowedCountries: readonly string[] | '*' | null;
  readonly allowedNumbers: readonly string[] | null;
  readonly deniedNumbers: readonly string[] | null;
  readonly callingHours: DailyHours | 'off' | null;
}

/** What calls go by, and whose they are. */
export interface Network {
  readonly isSimulated: boolean;
  readonly ownerNumber: string | null;
}

/** A call that somebody wants to have dialed. */
export interface Dialing {
  readonly to: string;
  readonly from: string;
  readonly callee: Callee;
  /** ms since 1970; null: now. */
  readonly scheduledAt: number | null;
}

const usualCaps: DialCaps = {
  maxConcurrentCalls: 10,
  callsPerMinute: 30,
  callsPerHour: 200,
  callsPerDay: 1000,
  callsPerNumberPerDay: 10,
  callsPerNumberAtOnce: 1,
};
/** What protects this server and the account, in front of any network. */
const alwaysCapped: readonly (keyof DialCaps)[] = ['maxConcurrentCalls', 'callsPerMinute'];
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What the gate says of a call that is to be dialed now. */
export interface Admission {
  readonly verdict: Verdict;
  /** To be called once the call is on record, or is not to be: until then the gate counts it as up, if it let it through. */
  readonly onRecord: () => void;
}

/** The gate before every dialing. In code, so that no prompt can open it. */
export class CallPolicy {
  readonly #network: Network;
  readonly #store: Pick<CallStore, 'dialTally'>;
  readonly #clock: Clock;
  /** Numbers of calls between the gate's yes and their record. */
  readonly #underWay = new Set<{ readonly to: string }>();
  #placedAt: number[] = [];

  constructor(network: Network, store: Pick<CallStore, 'dialTally'>, clock: Clock) {
    this.#network = network;
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Asks the gate. One query of the store; its cost does not grow with past calls beyond the caps.
   *
   * @param limits as the operator has set them by now
   * @param upTo the numbers of the calls that are up
   */
  async judge(dialing: Dialing, limits: PolicySettings, upTo: () => readonly string[]): Promise<Verdict> {
    return this.#verdict(dialing, limits, upTo, await this.#tally(dialing, limits));
  }

  #tally({ to }: Dialing, limits: PolicySettings): Promise<DialTally> {
    const { callsPerHour, callsPerDay, callsPerNumberPerDay } = settingsInForce(limits, this.#network);
    const now = this.#clock.now();
    return this.#store.dialTally({
      to,
      hour: { since: now - hourMs, most: callsPerHour },
      day: { since: now - dayMs, most: callsPerDay },
      dayToNumber: { since: now - dayMs, most: callsPerNumberPerDay },
    });
  }

  #verdict(
    { to, from, callee, scheduledAt }: Dialing,
    limits: PolicySettings,
    upTo: () => readonly string[],
    tally: DialTally,
  ): Verdict {
    const up = upTo();
    const placing = [...this.#underWay].map((call) => call.to);
    const toNumber = (numbers: readonly string[]) => numbers.filter((number) => number === to).length;
    return verdictOn({
      to,
      from,
      callee,
      at: scheduledAt ?? this.#clock.now(),
      isLater: scheduledAt !== null,
      forbidden: forbidden(to),
      settings: settingsInForce(limits, this.#network),
      isOnDoNotCallList: tally.isOnDoNotCallList,
      now: {
        upAtOnce: up.length + placing.length,
        upToNumber: toNumber(up) + toNumber(placing),
        lastMinute: this.#lastMinute(),
        lastHour: tally.lastHour + placing.length,
        lastDay: tally.lastDay + placing.length,
        lastDayToNumber: tally.lastDayToNumber + toNumber(placing),
      },
    });
  }

  /** As `judge`, for a call that is dialed if the gate lets it through: it is counted in the same moment. */
  async admit(dialing: Dialing, limits: PolicySettings, upTo: () => readonly string[]): Promise<Admission> {
    const verdict = this.#verdict(dialing, limits, upTo, await this.#tally(dialing, limits));
    // Nothing is waited for between the verdict and the count, so that two callers cannot both take the last place.
    return { verdict, onRecord: verdict.allowed ? this.#noteUnderWay(dialing.to) : () => {} };
  }

  #noteUnderWay(to: string): () => void {
    const call = { to };
    this.#underWay.add(call);
    this.#placedAt.push(this.#clock.elapsed());
    return () => this.#underWay.delete(call);
  }

  #lastMinute(): number {
    const minuteAgo = this.#clock.elapsed() - minuteMs;
    this.#placedAt = this.#placedAt.filter((at) => at > minuteAgo);
    return this.#placedAt.length;
  }
}

/** What all rules together say of a call. */
export function verdictOn(facts: DialFacts): Verdict {
  const rules = facts.forbidden === 'malformed' ? dialRules.slice(0, 1) : dialRules;
  const findings = rules.flatMap(({ rule, find }) => {
    const finding = find(facts);
    return finding === undefined ? [] : [{ rule, ...finding }];
  });
  const reasons = findings
    .filter(({ isWarning }) => isWarning !== true)
    .map(({ rule, message, howToChange }) => ({ rule, message, howToChange }));
  const warnings = findings
    .filter(({ isWarning }) => isWarning === true)
    .map(({ message, howToChange }) => `${message} ${howToChange}`);
  return { allowed: reasons.length === 0, reasons, warnings };
}

/** @throws InvalidRequest, NotPermitted when the gate says no, with every reason in their details */
export function insist({ reasons }: Verdict): void {
  const [first] = reasons;
  if (first === undefined) return;
  if (dialRules.some(({ rule, isBadInput }) => rule === first.rule && isBadInput === true)) {
    throw new InvalidRequest(`${first.message} ${first.howToChange}`);
  }
  throw new NotPermitted(first.rule, sentenceOf(reasons), { reasons });
}

/** All that speaks against a call, for a human. */
export function sentenceOf(reasons: Verdict['reasons']): string {
  return reasons.map(({ rule, message, howToChange }) => `${message} ${howToChange} [${rule}]`).join(' ');
}

/** Whether all that speaks against a call passes by itself soon. */
export function isMomentary({ reasons }: Verdict): boolean {
  return reasons.every(({ rule }) => dialRules.some((known) => known.rule === rule && known.isMomentary));
}

/** How many calls may be up at once, those that came in among them. */
export function mostCallsAtOnce({ maxConcurrentCalls }: PolicySettings): number {
  return maxConcurrentCalls ?? usualCaps.maxConcurrentCalls;
}

/** The operator's settings with the defaults of the network filled in. */
export function settingsInForce(
  settings: PolicySettings,
  { isSimulated, ownerNumber }: Network,
): DialSettings {
  const capOf = (cap: keyof DialCaps) =>
    settings[cap] ?? (isSimulated && !alwaysCapped.includes(cap) ? Infinity : usualCaps[cap]);
  const hours = settings.callingHours ?? (isSimulated ? 'off' : usualHours);
  return {
    isSimulated,
    ownerNumber,
    // Numbers of a simulated network lie in no country, unless the operator asks for some.
    allowedCountries: settings.allowedCountries ?? (isSimulated ? '*' : null),
    allowedNumbers: new NumberList(settings.allowedNumbers ?? []),
    deniedNumbers: new NumberList(settings.deniedNumbers ?? []),
    callingHours: hours === 'off' ? null : hours,
    maxConcurrentCalls: capOf('maxConcurrentCalls'),
    callsPerMinute: capOf('callsPerMinute'),
    callsPerHour: capOf('callsPerHour'),
    callsPerDay: capOf('callsPerDay'),
    callsPerNumberPerDay: capOf('callsPerNumberPerDay'),
    callsPerNumberAtOnce: capOf('callsPerNumberAtOnce'),
  };
}

import { TelephoneError } from '../../lib/errors.ts';
import type { Clock } from '../../lib/runtime.ts';
import type { LimitsStore, SavedLimits } from '../../storage/limits-store.ts';
import { limitVariables } from './limit-variables.ts';
import type { LimitVariable } from './limit-variables.ts';
import { fixedLimits, limitReport, limitsInForce, noLimits } from './limits.ts';
import type { Limit, Limits, LimitValue } from './limits.ts';
import { limitsKept, readLimitChanges } from './limits-body.ts';

/** The limits on calls, for whoever has to keep them. */
export interface LimitsReading {
  /** As they were read last. */
  readonly current: Limits;
  /** As they are set at this moment, also at another server on the same database. */
  read(): Promise<Limits>;
}

/** The operator's hand on the limits. */
export interface LimitsControl {
  report(): Promise<readonly Limit[]>;
  /**
   * Sets limits, or takes them back to their defaults, for every call from here on.
   *
   * @returns what has changed
   * @throws InvalidSettings; LimitsFixed when the environment sets one of them: nothing is saved then
   */
  change(body: unknown): Promise<readonly LimitChange[]>;
}

export interface LimitChange {
  readonly variable: LimitVariable;
  /** null, here and below: the default. */
  readonly from: LimitValue | null;
  readonly to: LimitValue | null;
}

/** The environment sets these limits, so that nobody else can. */
export class LimitsFixed extends TelephoneError {
  constructor(variables: readonly LimitVariable[]) {
    const sentenceOf = (variable: LimitVariable) =>
      `The server’s environment sets it: change ${variable} there, or unset it to set the limit here.`;
    const fields = Object.fromEntries(variables.map((variable) => [variable, sentenceOf(variable)]));
    super('limits-fixed', `${variables.join(', ')}: ${sentenceOf(variables[0] ?? 'ALLOWED_COUNTRIES')}`, {
      fields,
    });
  }
}

/** The limits on calls: those that the environment sets, and those that are saved beside them. */
export class LimitsBook implements LimitsReading, LimitsControl {
  readonly #environment: Limits;
  readonly #network: { readonly isSimulated: boolean };
  readonly #store: LimitsStore;
  readonly #clock: Clock;
  #saved = noLimits;
  /** Reads in the order in which they were begun, so that a slow one is not taken for the latest. */
  #begun = 0;
  #taken = 0;

  constructor(
    environment: Limits,
    network: { readonly isSimulated: boolean },
    store: LimitsStore,
    clock: Clock,
  ) {
    this.#environment = environment;
    this.#network = network;
    this.#store = store;
    this.#clock = clock;
  }

  get current(): Limits {
    return limitsInForce(this.#environment, this.#saved);
  }

  async read(): Promise<Limits> {
    this.#begun += 1;
    const turn = this.#begun;
    const saved = await this.#store.read();
    if (turn > this.#taken) {
      this.#taken = turn;
      this.#saved = limitsKept(saved);
    }
    return this.current;
  }

  async report(): Promise<readonly Limit[]> {
    await this.read();
    return limitReport(this.#environment, this.#saved, this.#network);
  }

  async change(body: unknown): Promise<readonly LimitChange[]> {
    const changes = readLimitChanges(body);
    const fixed = fixedLimits(this.#environment);
    const refused = limitVariables.filter((variable) => variable in changes && fixed.has(variable));
    if (refused.length > 0) throw new LimitsFixed(refused);
    const before = await this.#store.save(changes, this.#clock.now());
    await this.read();
    return limitVariables
      .filter((variable) => variable in changes)
      .map((variable) => ({
        variable,
        from: keptValue(before, variable),
        to: changes[variable] ?? null,
      }))
      .filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
  }
}

function keptValue(saved: SavedLimits, variable: LimitVariable): LimitValue | null {
  return (saved[variable] ?? null) as LimitValue | null;
}

/** A change in words, for the audit log, which holds no phone numbers. */
export function changeWords({ variable, from, to }: LimitChange): string {
  if (!variable.endsWith('_NUMBERS')) return `${variable}: ${words(from)} → ${words(to)}`;
  const [before, after] = [listIn(from), listIn(to)];
  const added = after.filter((number) => !before.includes(number)).length;
  const removed = before.filter((number) => !after.includes(number)).length;
  return `${variable}: ${before.length} → ${after.length} numbers (${added} added, ${removed} removed)`;
}

function words(value: LimitValue | null): string {
  return value === null ? 'default' : Array.isArray(value) ? value.join(',') : String(value);
}

function listIn(value: LimitValue | null): readonly string[] {
  return Array.isArray(value) ? value : [];
}

import type { CrowdFigures } from '../crowd/crowd.ts';

/** ms; NaN where nothing was measured. */
export interface Distribution {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What one target came to: of one run, or the medians of several. */
export interface Figures {
  /** Added latency from the carrier to the model, and from the model to the carrier. */
  readonly upMs: Distribution;
  readonly downMs: Distribution;
  /** From the model's word that the person speaks to the carrier's `clear`. */
  readonly bargeInMs: Distribution;
  /** From the media stream's `start` to the first audio at the model. */
  readonly startToAppendMs: Distribution;
  /** The same from the moment that the call is asked for. */
  readonly dialToAppendMs: Distribution;
  /** CPU of placing a call and connecting both its ends, among all the others, with what they talk meanwhile. */
  readonly cpuMsPerSetUp: number;
  /** CPU seconds of the whole process for a minute of one call. */
  readonly cpuPerCallMinute: number;
  readonly idleBytes: number;
  readonly bytesPerCall: number;
  /** Memory over idle once all have hung up. */
  readonly keptBytes: number;
  /** The longest that the load itself was late: latencies above it are the server's. */
  readonly loadLateMs: number;
  /** What connections that lead nowhere came to, where they came. */
  readonly crowd: CrowdFigures | undefined;
  readonly faults: Readonly<Record<string, number>>;
}

export function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return {
    count: sorted.length,
    p50: at(0.5) ?? Number.NaN,
    p99: at(0.99) ?? Number.NaN,
    p999: at(0.999) ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/** The middle one; of two, their mean. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** Medians over the rounds; of faults the sums: a single one counts. */
export function summary(rounds: readonly Figures[]): Figures {
  const middle = (pick: (figures: Figures) => number) => median(rounds.map(pick));
  const distribution = (pick: (figures: Figures) => Distribution): Distribution => ({
    count: rounds.reduce((sum, figures) => sum + pick(figures).count, 0),
    p50: middle((figures) => pick(figures).p50),
    p99: middle((figures) => pick(figures).p99),
    p999: middle((figures) => pick(figures).p999),
    max: Math.max(...rounds.map((figures) => pick(figures).max)),
  });
  const faults: Record<string, number> = {};
  for (const figures of rounds) {
    for (const [name, count] of Object.entries(figures.faults)) faults[name] = (faults[name] ?? 0) + count;
  }
  return {
    upMs: distribution((figures) => figures.upMs),
    downMs: distribution((figures) => figures.downMs),
    bargeInMs: distribution((figures) => figures.bargeInMs),
    startToAppendMs: distribution((figures) => figures.startToAppendMs),
    dialToAppendMs: distribution((figures) => figures.dialToAppendMs),
    cpuMsPerSetUp: middle((figures) => figures.cpuMsPerSetUp),
    cpuPerCallMinute: middle((figures) => figures.cpuPerCallMinute),
    idleBytes: middle((figures) => figures.idleBytes),
    bytesPerCall: middle((figures) => figures.bytesPerCall),
    keptBytes: middle((figures) => figures.keptBytes),
    loadLateMs: Math.max(...rounds.map((figures) => figures.loadLateMs)),
    crowd: worstCrowd(rounds),
    faults,
  };
}

/** The highest of each figure over the rounds: what a server must bear. */
function worstCrowd(rounds: readonly Figures[]): CrowdFigures | undefined {
  const crowds = rounds.flatMap(({ crowd }) => crowd ?? []);
  const [first] = crowds;
  if (first === undefined) return undefined;
  const names = Object.keys(first) as (keyof CrowdFigures)[];
  return Object.fromEntries(names.map((name) => [name, Math.max(...crowds.map((crowd) => crowd[name]))])) as {
    [name in keyof CrowdFigures]: number;
  };
}

/** How one target compares with another: the median of the ratios of each round, since rounds differ more than targets. */
export function ratio(
  rounds: readonly Figures[],
  others: readonly Figures[],
  pick: (figures: Figures) => number,
): number {
  return median(
    rounds.flatMap((figures, round) => {
      const other = others[round];
      return other === undefined ? [] : [pick(figures) / pick(other)];
    }),
  );
}

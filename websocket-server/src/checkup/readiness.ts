import { inTime } from '../lib/patience.ts';
import type { Clock } from '../lib/runtime.ts';

/** Everything that has to be there for a call to be placed. */
export const readinessParts = ['server', 'storage', 'public-url', 'carrier', 'stopped'] as const;
export type ReadinessPart = (typeof readinessParts)[number];

/** Something that a call would need and that is not there. */
export interface MissingPart {
  readonly part: ReadinessPart;
  /** What is wrong and what to do, safe to show to anyone. */
  readonly message: string;
}

/** Asks whether calls could be placed this moment; empty when they could. Answers within seconds, whatever stalls. */
export type Readiness = () => Promise<readonly MissingPart[]>;

export interface ReadinessSources {
  readonly isStopping: () => boolean;
  readonly publicUrl: string | null;
  /** Asks the store whether the operator has stopped all calls. @throws when it does not answer */
  readonly stopOrder: () => Promise<unknown>;
  /** What keeps the carrier from dialing, as far as its last answers tell; null for nothing. */
  readonly carrierProblem: () => string | null;
  readonly clock: Clock;
}

/** A probe that waits longer than whoever asks for it tells nothing. */
const storeAnswersWithinMs = 2000;

/** Looks at each part when asked. A store that stalls is asked once at a time, however many ask us. */
export function readinessOf(sources: ReadinessSources): Readiness {
  const { isStopping, publicUrl, stopOrder, carrierProblem, clock } = sources;
  let asked: Promise<unknown> | undefined;

  async function storedProblem(): Promise<readonly MissingPart[]> {
    asked ??= stopOrder().finally(() => (asked = undefined));
    let order: unknown = null;
    try {
      const answered = asked.then((found) => (order = found));
      if (!(await inTime(answered, storeAnswersWithinMs, clock))) return [silentStore];
    } catch {
      return [silentStore];
    }
    if (order === null) return [];
    const message = 'The operator has stopped all calls; POST /api/resume allows them.';
    return [{ part: 'stopped', message }];
  }

  return async () => {
    const stored = await storedProblem();
    const refused = carrierProblem();
    const found: MissingPart[] = [...stored];
    if (isStopping()) found.unshift({ part: 'server', message: 'The server is shutting down.' });
    if (publicUrl === null) {
      found.push({
        part: 'public-url',
        message: 'Set PUBLIC_URL: the carrier cannot reach this server.',
      });
    }
    if (refused !== null) found.push({ part: 'carrier', message: refused });
    return found;
  };
}

const silentStore: MissingPart = { part: 'storage', message: 'The database does not answer.' };

/** What `/readyz` answers. */
export function readinessReport(missing: readonly MissingPart[]) {
  const messages = new Map(missing.map(({ part, message }) => [part, message]));
  const parts = Object.fromEntries(
    readinessParts.map((part) => {
      const message = messages.get(part);
      return [part, message === undefined ? { ready: true } : { ready: false, message }];
    }),
  );
  const status = missing.length === 0 ? 'ready' : 'not-ready';
  return { status, parts, ...(missing.length > 0 && { missing }) };
}

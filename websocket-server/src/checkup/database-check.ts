import { ok, problem, type Check } from '../lib/check.ts';
import type { Clock } from '../lib/runtime.ts';

export interface DatabaseParts {
  /** Writes something that may be lost again. */
  readonly write: () => Promise<void>;
  /** Why there is no database at all, when there is none. */
  readonly fault?: string | undefined;
  readonly isServer: boolean;
  readonly dataDir: string;
  readonly clock: Clock;
}

export function databaseCheck({ write, fault, isServer, dataDir, clock }: DatabaseParts): Check {
  const place = isServer ? 'the server of DATABASE_URL' : `the embedded database in ${dataDir}`;
  return {
    id: 'database',
    title: 'Database',
    async run() {
      if (fault !== undefined) return problem(fault);
      const startedAt = clock.elapsed();
      try {
        await write();
      } catch {
        return problem(
          `Calls cannot be written to ${place}.`,
          isServer
            ? 'Check that the database is up and that its user may write.'
            : 'Check that DATA_DIR is on a disk with free space and may be written to.',
        );
      }
      return ok(`Calls are kept in ${place}; a write takes ${Math.ceil(clock.elapsed() - startedAt)} ms.`);
    },
  };
}

import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Log } from './log.ts';
import type { Runtime } from './runtime.ts';
import { Tally } from './tally.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz';

/** The real world: system clock, random ids, global fetch. */
export function systemRuntime(log: Log): Runtime {
  return {
    log,
    tally: new Tally(),
    newId,
    fetch: globalThis.fetch,
    clock: {
      now: Date.now,
      elapsed: () => performance.now(),
      after(ms, task) {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
    },
  };
}

/** 22 characters of some 5.75 bits each: about 126 bits of chance. */
function newId(prefix: string): string {
  let id = `${prefix}_`;
  for (const byte of randomBytes(22)) id += alphabet[byte % alphabet.length];
  return id;
}

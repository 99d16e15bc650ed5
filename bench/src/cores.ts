import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which core does what; undefined where processes cannot be pinned. */
export interface Cores {
  readonly server: number;
  readonly load: number;
}

/** The server alone on one core, the load on another, where the system has `taskset` and two cores. */
export function pinnedCores(): Cores | undefined {
  if (availableParallelism() < 2) return undefined;
  const cores: Cores = { server: 0, load: 1 };
  const pinned = spawnSync('taskset', ['-a', '-c', '-p', String(cores.load), String(process.pid)]);
  return pinned.status === 0 ? cores : undefined;
}

/** A command as it is started on a core. */
export function onCore(core: number | undefined, command: string, args: readonly string[]) {
  if (core === undefined) return { command, args: [...args] };
  return { command: 'taskset', args: ['-c', String(core), command, ...args] };
}

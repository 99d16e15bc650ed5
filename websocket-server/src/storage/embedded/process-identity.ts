import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process, exactly: numbers repeat, above all in containers, where the first process is always 1. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the kernel's clock ticks since boot; null where the system does not tell. */
  readonly startedAt: string | null;
  /** Within which process numbers can be compared: a running kernel and its PID namespace, or else the host. */
  readonly namespace: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: startOf(process.pid), namespace: ownNamespace() };
}

/** Whether a process is certainly there, certainly gone, or out of our sight. */
export function lifeOf(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (identity.namespace !== ownNamespace()) return 'unknown';
  if (!hasProcess(identity.pid)) return 'dead';
  const startedAt = startOf(identity.pid);
  return identity.startedAt === null || startedAt === null || identity.startedAt === startedAt
    ? 'alive'
    : 'dead';
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Field 22 of /proc/<pid>/stat, counted from the `)` that ends the command, which may hold anything. */
function startOf(pid: number): string | null {
  const stat = readIfThere(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function ownNamespace(): string {
  const boot = readIfThere(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pids = readIfThere(() => readlinkSync('/proc/self/ns/pid'));
  return boot !== undefined && pids !== undefined ? `${boot} ${pids}` : hostname();
}

function readIfThere(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

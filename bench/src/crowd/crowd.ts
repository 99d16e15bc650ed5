import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningTarget } from '../targets.ts';
import type { StrangersNews } from './strangers.ts';

/** A server that keeps strangers for longer keeps them for good. */
const patienceMs = 60_000;
const lookMs = 100;
/** What is free is given back to the system a moment later, if at all. */
const restMs = 1500;

/** What many connections that lead nowhere came to. Bytes and files of the server, at their highest and before and after. */
export interface CrowdFigures {
  readonly arrived: number;
  readonly arrivedMs: number;
  /** From the first that came until the server was rid of all; NaN when it kept some. */
  readonly shedMs: number;
  readonly left: number;
  /** The slowest answer of `/healthz` meanwhile. */
  readonly healthzMs: number;
  readonly filesBefore: number;
  readonly filesMost: number;
  readonly filesAfter: number;
  readonly bytesBefore: number;
  readonly bytesMost: number;
  readonly bytesAfter: number;
}

/**
 * Opens connections that say nothing, half a request, or all of a media stream's handshake and then nothing, and
 * waits until the server has hung up on them all.
 *
 * @param file of the bundled `strangers.ts`
 */
export async function sendCrowd(file: string, count: number, target: RunningTarget): Promise<CrowdFigures> {
  const filesBefore = target.process.openFiles();
  const bytesBefore = target.process.residentBytes();
  let filesMost = filesBefore;
  let bytesMost = bytesBefore;
  let healthzMs = 0;
  let oldestAskedAt: number | undefined;
  const startedAt = performance.now();
  const askHealth = async () => {
    if (oldestAskedAt !== undefined) return;
    const askedAt = (oldestAskedAt = performance.now());
    const answer = await fetch(`${target.url}/healthz`).catch(() => undefined);
    await answer?.text();
    oldestAskedAt = undefined;
    healthzMs = Math.max(healthzMs, performance.now() - askedAt);
  };
  const looking = setInterval(() => {
    void askHealth();
    filesMost = Math.max(filesMost, target.process.openFiles());
    bytesMost = Math.max(bytesMost, target.process.residentBytes());
  }, lookMs);
  let { arrived, shed }: StrangersNews = { arrived: 0, shed: 0 };
  let arrivedMs = Number.NaN;
  const strangers = fork(file, [new URL(target.url).port, String(count)], { execArgv: [] });
  strangers.on('message', (news) => {
    ({ arrived, shed } = news as StrangersNews);
    if (arrived === count && Number.isNaN(arrivedMs)) arrivedMs = performance.now() - startedAt;
  });
  const gone = once(strangers, 'exit');
  await Promise.race([gone, pause(patienceMs, undefined, { ref: false })]);
  const left = count - shed;
  const shedMs = left > 0 ? Number.NaN : performance.now() - startedAt;
  clearInterval(looking);
  if (oldestAskedAt !== undefined) healthzMs = Math.max(healthzMs, performance.now() - oldestAskedAt);
  strangers.kill();
  await gone;
  await pause(restMs);
  return {
    arrived,
    arrivedMs,
    shedMs,
    left,
    healthzMs,
    filesBefore,
    filesMost,
    filesAfter: target.process.openFiles(),
    bytesBefore,
    bytesMost,
    bytesAfter: target.process.residentBytes(),
  };
}

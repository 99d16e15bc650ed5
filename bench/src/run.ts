import { setTimeout as pause } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { sendCrowd } from './crowd/crowd.ts';
import { CarrierPeer } from './load/carrier-peer.ts';
import { ModelPeer } from './load/model-peer.ts';
import { Pacer } from './load/pacer.ts';
import { blockMs } from './load/stamped-audio.ts';
import { Tally } from './load/tally.ts';
import { Watchers } from './load/watchers.ts';
import type { Figures } from './report/figures.ts';
import { distributionOf } from './report/figures.ts';
import { startTarget, strangersFile } from './targets.ts';
import type { TargetName } from './targets.ts';

const callsPerSecond = 40;
/** Calls asked for and not connected yet: how fast calls come in the end is up to the server. */
const mostBeingSetUp = 8;
const connectPatienceMs = 20_000;
/** For what is on its way. */
const drainMs = 400;
const hangUpPatienceMs = 6000;
const restMs = 800;

export interface RunOptions {
  readonly calls: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly modelOpenDelayMs: number;
  readonly isRush: boolean;
  readonly watchers: number;
  readonly crowd: number;
  readonly pastCalls: number;
  readonly certificate: Certificate | undefined;
  readonly serverCore: number | undefined;
  readonly serverMain: string | undefined;
  readonly nodeFlags: readonly string[];
  /** Resolves once all calls may talk: where several targets run at once, when those of each are connected. */
  readonly allConnected: () => Promise<void>;
}

/** One target under load, once: from its start to its end. */
export async function run(name: TargetName, options: RunOptions): Promise<Figures> {
  const pacer = new Pacer();
  let connected = 0;
  let allConnected: () => void = () => {};
  const connecting = new Promise<void>((resolve) => (allConnected = resolve));
  const tally = new Tally(options.calls, () => {
    connected += 1;
    if (connected === options.calls) allConnected();
  });
  const model = new ModelPeer(tally, pacer, {
    openDelayMs: options.modelOpenDelayMs,
    certificate: options.certificate,
  });
  const carrier = new CarrierPeer(tally, pacer);
  const watchers = new Watchers();
  try {
    const peers = {
      carrierUrl: await carrier.listen(),
      modelBaseUrl: await model.listen(),
      certificateFile: options.certificate?.certificateFile,
    };
    const target = await startTarget(name, peers, options);
    try {
      if (target.door === 'api') await watchers.open(target.url, options.watchers);
      await pause(300);
      const idleBytes = target.process.residentBytes();
      const idleCpu = target.process.cpuSeconds();
      const place = async (index: number) =>
        target.door === 'api' ? carrier.place(index, target.url) : carrier.connect(index, target.url);
      await placeAll(options, place, () => connected);
      await Promise.race([connecting, pause(connectPatienceMs, undefined, { ref: false })]);
      const setUpCpu = target.process.cpuSeconds() - idleCpu;
      await options.allConnected();
      await pause(options.warmUpSeconds * 1000);

      pacer.resetLateness();
      tally.isMeasuring = true;
      const startedAt = performance.now();
      const startedCpu = target.process.cpuSeconds();
      const [crowd] = await Promise.all([
        options.crowd === 0 ? undefined : sendCrowd(strangersFile, options.crowd, target),
        pause(options.seconds * 1000),
      ]);
      const cpuSeconds = target.process.cpuSeconds() - startedCpu;
      const callMinutes = (options.calls * (performance.now() - startedAt)) / 60_000;
      tally.isMeasuring = false;
      const loadLateMs = pacer.latestMs;
      const busyBytes = target.process.residentBytes();

      carrier.fallSilent();
      model.fallSilent();
      await pause(drainMs);
      tally.closeBargeIns();
      const { brokenCalls } = tally;
      await carrier.hangUpAll();
      await until(() => model.openSessions === 0, hangUpPatienceMs);
      const leakedSessions = model.openSessions;
      await pause(restMs);
      const restBytes = target.process.residentBytes();
      return {
        upMs: distributionOf(tally.upMs),
        downMs: distributionOf(tally.downMs),
        bargeInMs: distributionOf(tally.bargeInMs),
        startToAppendMs: distributionOf(tally.startToAppendMs),
        dialToAppendMs: distributionOf(tally.dialToAppendMs),
        cpuMsPerSetUp: (setUpCpu * 1000) / options.calls,
        cpuPerCallMinute: cpuSeconds / callMinutes,
        idleBytes,
        bytesPerCall: (busyBytes - idleBytes) / options.calls,
        keptBytes: restBytes - idleBytes,
        loadLateMs,
        crowd,
        faults: { ...faultsOf(tally), brokenCalls, leakedSessions },
      };
    } finally {
      const problem = await target.stop();
      if (problem !== undefined) console.error(`${name}: ${problem}`);
    }
  } finally {
    watchers.close();
    pacer.stop();
    await carrier.close();
    await model.close();
  }
}

async function placeAll(
  { calls, isRush }: RunOptions,
  place: (index: number) => Promise<void>,
  connected: () => number,
): Promise<void> {
  const startedAt = performance.now();
  const placing: Promise<void>[] = [];
  for (let index = 0; index < calls; index += 1) {
    await pause(Math.max(0, startedAt + (index * 1000) / callsPerSecond - performance.now()));
    if (!isRush) await until(() => index - connected() < mostBeingSetUp, connectPatienceMs / 10);
    placing.push(place(index));
  }
  await Promise.all(placing);
}

function faultsOf(tally: Tally) {
  const sum = (count: (call: Tally['calls'][number]) => number) =>
    tally.calls.reduce((total, call) => total + count(call), 0);
  return {
    unconnectedCalls: sum((call) => (call.firstAppendAt === 0 ? 1 : 0)),
    lostBeforeFirstMs: blockMs * sum((call) => call.up.lostBeforeFirst),
    lostUp: sum((call) => call.up.lostOf(call.upSent)),
    lostDown: sum((call) => call.down.lostBeforeFirst + call.down.lostOf(call.downSent)),
    doubled: sum((call) => call.up.doubled + call.down.doubled),
    reordered: sum((call) => call.up.reordered + call.down.reordered),
    mixed: tally.mixed,
    stale: tally.stale,
    madeUp: tally.unstamped,
    missedClears: tally.missedClears,
    needlessClears: tally.needlessClears,
    extraModelSessions: sum((call) => Math.max(0, call.modelSessions - 1)),
  };
}

async function until(isTrue: () => boolean, patienceMs: number): Promise<void> {
  for (const deadline = performance.now() + patienceMs; !isTrue() && performance.now() < deadline;) {
    await pause(5);
  }
}

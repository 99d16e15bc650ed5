import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir } from 'node:os';
import path from 'node:path';
import { selfSignedCertificate } from './certificate.ts';
import { pinnedCores } from './cores.ts';
import { readOptions, usage } from './options.ts';
import type { Options } from './options.ts';
import { summary } from './report/figures.ts';
import type { Figures } from './report/figures.ts';
import { drawing } from './report/svg.ts';
import { table } from './report/table.ts';
import { run } from './run.ts';
import { buildProcesses } from './targets.ts';
import type { TargetName } from './targets.ts';

const yardstick = 'splice';
const exitUsage = 64;

const options = optionsOrExit();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
await bench(options);

async function bench(asked: Options): Promise<void> {
  const cores = pinnedCores();
  const machine = `${cpus()[0]?.model.trim() ?? arch()}, ${cpus().length} cores, ${platform()} ${release()}, Node ${process.versions.node}`;
  console.log(machine);
  console.log(
    cores === undefined
      ? 'Processes cannot be pinned to cores here: server and load share them, so trust the ratios only.'
      : `Server alone on core ${cores.server}, load on core ${cores.load}.`,
  );
  await buildProcesses();
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-telephone-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const certificate = asked.tls ? selfSignedCertificate(folder) : undefined;
  const results = new Map<string, Figures[]>(asked.targets.map((name) => [name, []]));
  for (let round = 1; round <= asked.rounds; round += 1) {
    const meeting = meetingOf(asked.isTogether ? asked.targets.length : 1);
    const measure = async (name: TargetName) => {
      const figures = await run(name, {
        calls: asked.calls,
        seconds: asked.seconds,
        warmUpSeconds: asked.warmUpSeconds,
        modelOpenDelayMs: asked.modelOpenDelayMs,
        isRush: asked.isRush,
        watchers: asked.watchers,
        crowd: asked.crowd,
        pastCalls: asked.pastCalls,
        certificate,
        serverCore: cores?.server,
        serverMain: asked.serverMain,
        nodeFlags: asked.nodeFlags,
        allConnected: meeting,
      });
      results.get(name)?.push(figures);
      const { cpuPerCallMinute, upMs, downMs, loadLateMs } = figures;
      console.log(
        `round ${round} ${name.padEnd(8)} cpu ${cpuPerCallMinute.toFixed(3)} s/call-min, p99 up ${upMs.p99.toFixed(2)} ms, down ${downMs.p99.toFixed(2)} ms, load late at most ${loadLateMs.toFixed(1)} ms`,
      );
    };
    if (asked.isTogether) await Promise.all(asked.targets.map(measure));
    else for (const name of asked.targets) await measure(name);
  }
  const caption = `${asked.calls} calls on one core, median of ${asked.rounds} rounds of ${asked.seconds} s${asked.isTogether ? ', all at once' : ''}${asked.tls ? ', TLS to the model' : ''}`;
  console.log(`\n${caption}\n\n${table(results, yardstick)}`);
  if (asked.jsonFile !== undefined) {
    const targets = [...results].map(([name, rounds]) => ({ name, summary: summary(rounds), rounds }));
    const report = { machine, date: new Date().toISOString(), options: asked, targets };
    writeFileSync(asked.jsonFile, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  if (asked.svgFile !== undefined) writeFileSync(asked.svgFile, drawing(results, yardstick, caption));
}

/** Where each of so many waits for all the others. */
function meetingOf(members: number): () => Promise<void> {
  let missing = members;
  let allAreThere: () => void = () => {};
  const meeting = new Promise<void>((resolve) => (allAreThere = resolve));
  return () => {
    missing -= 1;
    if (missing <= 0) allAreThere();
    return meeting;
  };
}

function optionsOrExit(): Options {
  try {
    const read = readOptions(process.argv.slice(2));
    if (read !== 'help') return read;
    console.log(usage);
    return process.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return process.exit(exitUsage);
  }
}

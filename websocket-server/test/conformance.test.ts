import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

interface Run {
  readonly name: string;
  readonly exitCode: number;
  readonly scenarios: number;
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

/** The suite is installed at its first run, which takes as long as the network does. */
const longestMs = 300_000;

let runs: readonly Run[] = [];
let skipped: string | undefined;

beforeAll(async () => {
  const script = fileURLToPath(new URL('../../scripts/conformance.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = JSON.parse(await text(child.stdout)) as { runs?: Run[]; skipped?: string };
  ({ skipped } = told);
  runs = told.runs ?? [];
  for (const { name, scenarios, passed, failed } of runs) {
    process.stdout.write(
      `conformance, ${name}: ${scenarios} scenarios, ${passed} passed, ${failed} failed\n`,
    );
  }
  if (skipped !== undefined) process.stdout.write(`conformance skipped: ${skipped}\n`);
}, longestMs);

describe('the official conformance suite', () => {
  test.for([
    ['2025-11-25', 30],
    ['2026-07-28', 37],
  ] as const)('passes everything that %s requires', ([revision, scenarios], { skip }) => {
    skip(skipped !== undefined, skipped);
    const run = runs.find(({ name }) => name === `required for ${revision}`);
    expect(run?.output).toBe('');
    expect(run).toMatchObject({ exitCode: 0, scenarios, failed: 0 });
  });

  test('passes what needs no fixtures against the server as it ships', ({ skip }) => {
    skip(skipped !== undefined, skipped);
    const plain = runs.filter(({ name }) => name.endsWith('without fixtures'));
    expect(plain.length).toBeGreaterThan(10);
    expect(plain.filter(({ exitCode, passed }) => exitCode !== 0 || passed === 0)).toEqual([]);
  });
});

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemRuntime } from '../src/lib/system-runtime.ts';
import { silentLog } from '../src/lib/log.ts';
import { openMcpHouse } from './fakes/mcp-house.ts';
import type { McpHouse } from './fakes/mcp-house.ts';

/** The Inspector is installed at its first run, which takes as long as the network does. */
const longestMs = 300_000;
const exitNotPossible = 75;
const wrapper = fileURLToPath(new URL('../../scripts/inspector.mjs', import.meta.url));
const stdioEntry = fileURLToPath(new URL('fakes/mcp-stdio-entry.ts', import.meta.url));
const errand = JSON.stringify({ to: '+14155550102', goal: 'Book a table for two' });

let house: McpHouse;
beforeEach(async () => {
  house = await openMcpHouse({ runtime: systemRuntime(silentLog) });
});
afterEach(async () => {
  await house.close();
});

interface Inspected {
  readonly exitCode: number;
  readonly answer: Record<string, unknown>;
}

/** @returns undefined when there is no Inspector to be had */
async function inspect(...args: readonly string[]): Promise<Inspected | undefined> {
  const { exitCode, stdout, stderr } = await new Promise<{
    exitCode: number;
    stdout: string;
    stderr: string;
  }>((resolve) => {
    execFile(process.execPath, [wrapper, ...args], (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
  if (exitCode === exitNotPossible) return undefined;
  const start = stdout.indexOf('{');
  return { exitCode, answer: start === -1 ? { stdout, stderr } : JSON.parse(stdout.slice(start)) };
}

const list = ['--method', 'tools/list'];
const call = ['--method', 'tools/call', '--tool-name', 'telephony_call', '--tool-args-json', errand];
const wrong = [
  '--method',
  'tools/call',
  '--tool-name',
  'telephony_status',
  '--tool-args-json',
  '{"callId":"x"}',
];

const ways: readonly (readonly [string, () => readonly string[], readonly string[]])[] = [
  ['HTTP', () => ['--cli', house.url.href, '--transport', 'http'], ['--format', 'json', '-q']],
  [
    'HTTP in the 2026-07-28 era',
    () => ['--cli', house.url.href, '--transport', 'http'],
    ['--protocol-era', 'modern', '--format', 'json', '-q'],
  ],
  ['stdio', () => ['--cli', process.execPath, '--import', 'tsx', stdioEntry], ['--format', 'json', '-q']],
];

describe.each(ways)("the Inspector's command line over %s", (_how, target, options) => {
  test(
    'lists the tools, places a call and sees a refusal',
    async ({ skip }) => {
      const listed = await inspect(...target(), ...list, ...options);
      if (listed === undefined) return skip('the Inspector cannot be installed');
      expect(listed.exitCode).toBe(0);
      expect(JSON.stringify(listed.answer)).toContain('telephony_call');

      const placed = await inspect(...target(), ...call, ...options);
      expect(placed?.exitCode).toBe(0);
      expect(JSON.stringify(placed?.answer)).toContain('"callId":"call_1"');

      const refused = await inspect(...target(), ...wrong, ...options);
      expect(refused?.exitCode).not.toBe(0);
    },
    longestMs,
  );
});

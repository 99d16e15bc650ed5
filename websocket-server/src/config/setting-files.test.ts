import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InvalidConfig } from '../lib/config-problems.ts';
import { readConfig } from './read-config.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telephone-settings-'));
  file = join(folder, 'file.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function toldOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.message.split('\n');
    throw error;
  }
}

test.each<[string, 'INBOUND_FILE' | 'PRICES_FILE', string, RegExp]>([
  ['a comma too many', 'INBOUND_FILE', '{\n  "default": {},\n}', /line 3, column 1/],
  ['a list', 'INBOUND_FILE', '[]', /expected record/],
  ['a number without its plus', 'INBOUND_FILE', '{"4155550100": {"goal": "x"}}', /"4155550100":/],
  ['no goal', 'INBOUND_FILE', '{"default": {}}', /"default\.goal": is missing/],
  ['a misspelt key', 'INBOUND_FILE', '{"default": {"goal": "x", "gaol": "y"}}', /"default":.*gaol/],
  ['a price in words', 'PRICES_FILE', '{"models": {"m": {"perMinute": "2"}}}', /"models\.m":/],
  [
    'a prefix without its plus',
    'PRICES_FILE',
    '{"carriers": {"twilio": {"outbound": {"49": 1}}}}',
    /"carriers\.twilio\.outbound\.49":/,
  ],
])('%s in a file is told with its place, beside what else is wrong', (_, variable, text, place) => {
  writeFileSync(file, text);
  const told = toldOf({ [variable]: file, PORT: 'x' });
  expect(told).toHaveLength(2);
  expect(told).toContainEqual(expect.stringMatching(/^PORT:/));
  const line = told.find((one) => one.startsWith(variable));
  expect(line).toMatch(place);
  expect(line).toContain(file);
});

test('all that is wrong in a file is told at once', () => {
  writeFileSync(file, '{"default": {"goal": "", "timeoutSec": 1}}');
  expect(toldOf({ INBOUND_FILE: file })).toEqual([
    expect.stringMatching(/"default\.goal":.*"default\.timeoutSec":.*Each key is a number/),
  ]);
});

test('a file that is as it should be is read, also with the mark that some editors put first', () => {
  writeFileSync(file, '\uFEFF{"default": {"goal": " Take a message. "}}');
  expect(readConfig({ INBOUND_FILE: file }).inbound.lines).toEqual({ default: { goal: 'Take a message.' } });
  writeFileSync(file, '{"models": {"m": {"perMinute": 0.5}}}');
  expect(readConfig({ PRICES_FILE: file }).budget.prices).toEqual({
    models: { m: { perMinute: 0.5 } },
    carriers: {},
  });
});

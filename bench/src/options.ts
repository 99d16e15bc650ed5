import { parseArgs } from 'node:util';
import { isTargetName, targetNames } from './targets.ts';
import type { TargetName } from './targets.ts';

export interface Options {
  readonly calls: number;
  /** Length of the measured part of each run. */
  readonly seconds: number;
  /** Talk before that, until hot code is compiled. */
  readonly warmUpSeconds: number;
  readonly rounds: number;
  /** Measured in this order, in each round. */
  readonly targets: readonly TargetName[];
  /** All targets at once, on one core, rather than in turn: what the machine does meanwhile it does to each. */
  readonly isTogether: boolean;
  /** The model's wire is TLS, as it is on the internet. */
  readonly tls: boolean;
  /** How long the model takes to open a connection. */
  readonly modelOpenDelayMs: number;
  /** Calls come 40 a second, however many are being set up. */
  readonly isRush: boolean;
  /** Who follow all calls live, at `/logs`. */
  readonly watchers: number;
  /** Connections that lead nowhere and come while the calls are measured. */
  readonly crowd: number;
  /** How many calls are in the database already. */
  readonly pastCalls: number;
  /** Another build of the server than this workspace's. */
  readonly serverMain: string | undefined;
  /** Flags for the Node of the servers, e.g. of a profiler. */
  readonly nodeFlags: readonly string[];
  readonly jsonFile: string | undefined;
  readonly svgFile: string | undefined;
}

export const usage = `npm run bench -- [options]

  --calls N               calls at once (100)
  --seconds N             measured seconds of each run (8)
  --warm-up N             seconds of talk before that, while hot code is being compiled (10)
  --rounds N              rounds; medians of them are told (3)
  --targets A,B           of ${targetNames.join(', ')} (product,splice,json)
  --together              targets at once on the same core, rather than in turn
  --tls                   the model is reached over TLS (needs openssl)
  --model-open-delay MS   the model takes that long to open a connection (0)
  --rush                  40 new calls a second, however many are being set up
  --watchers N            watchers of all calls at the product (0)
  --crowd N               connections that lead nowhere come while the calls are measured (0)
  --past-calls N          calls of the past in the product's database (0)
  --server FILE           another built server than websocket-server/dist/main.js
  --node-flags="…"        flags for the Node of the servers, e.g. of a profiler
  --json FILE             writes all figures
  --svg FILE              draws the result
`;

/** @throws Error with a sentence for the reader */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '8' },
      'warm-up': { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      targets: { type: 'string', default: 'product,splice,json' },
      together: { type: 'boolean', default: false },
      tls: { type: 'boolean', default: false },
      'model-open-delay': { type: 'string', default: '0' },
      rush: { type: 'boolean', default: false },
      watchers: { type: 'string', default: '0' },
      crowd: { type: 'string', default: '0' },
      'past-calls': { type: 'string', default: '0' },
      server: { type: 'string' },
      'node-flags': { type: 'string', default: '' },
      json: { type: 'string' },
      svg: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    calls: wholeNumber('--calls', values.calls, 1, 2000),
    seconds: wholeNumber('--seconds', values.seconds, 1, 600),
    warmUpSeconds: wholeNumber('--warm-up', values['warm-up'], 1, 600),
    rounds: wholeNumber('--rounds', values.rounds, 1, 20),
    targets: values.targets.split(',').map(targetName),
    isTogether: values.together,
    tls: values.tls,
    modelOpenDelayMs: wholeNumber('--model-open-delay', values['model-open-delay'], 0, 5000),
    isRush: values.rush,
    watchers: wholeNumber('--watchers', values.watchers, 0, 1000),
    crowd: wholeNumber('--crowd', values.crowd, 0, 15_000),
    pastCalls: wholeNumber('--past-calls', values['past-calls'], 0, 1_000_000),
    serverMain: values.server,
    nodeFlags: values['node-flags'].split(' ').filter((flag) => flag !== ''),
    jsonFile: values.json,
    svgFile: values.svg,
  };
}

function targetName(text: string): TargetName {
  if (isTargetName(text)) return text;
  throw new Error(`--targets: "${text}" is none of ${targetNames.join(', ')}.`);
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name}: "${text}" is not a whole number from ${least} to ${most}.`);
}

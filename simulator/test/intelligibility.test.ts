import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSpeech, decodeMulaw } from '../src/index.ts';
import type { Speech, Voice } from '../src/index.ts';

const recogniser = '/usr/bin/pocketsphinx_batch';
const model = '/usr/share/pocketsphinx/model/en-us';
const isMissing = !existsSync(recogniser) || !existsSync(model);
if (isMissing)
  console.log('intelligibility is not tested: pocketsphinx and pocketsphinx-en-us are not installed');

const sentences = [
  'hello this is an assistant calling for my client',
  'i would like to book a table for two at seven thirty on friday',
  'the name is smith',
  'no thank you that is all goodbye',
  'we are fully booked at seven thirty on friday',
  'your confirmation number is four seven one two',
  'is there anything else',
  'for how many people and for what day and time',
];

let speech: Speech;
let folder: string;
beforeAll(async () => {
  speech = createSpeech();
  folder = await mkdtemp(join(tmpdir(), 'intelligibility-'));
});
afterAll(async () => {
  await speech.close();
  await rm(folder, { recursive: true });
});

test.skipIf(isMissing).each(['rms', 'kal16', 'awb'] satisfies Voice[])(
  'a recogniser understands %s as it sounds on the phone',
  async (voice) => {
    const names = sentences.map((_, i) => `${voice}-${i}`);
    for (const [i, name] of names.entries()) {
      const { audio } = await speech.say(sentences[i] ?? '', voice);
      await writeFile(join(folder, `${name}.wav`), wavAtSixteenKilohertz(decodeMulaw(audio)));
    }
    expect(await recognised(names)).toEqual(sentences);
  },
  60_000,
);

async function recognised(names: readonly string[]): Promise<string[]> {
  const files = {
    list: join(folder, 'list'),
    grammar: join(folder, 'grammar.jsgf'),
    heard: join(folder, 'heard'),
  };
  await writeFile(files.list, names.join('\n') + '\n');
  await writeFile(
    files.grammar,
    `#JSGF V1.0;\ngrammar phone;\npublic <sentence> = ${sentences.join(' | ')};\n`,
  );
  const options = {
    '-hmm': join(model, 'en-us'),
    '-dict': join(model, 'cmudict-en-us.dict'),
    '-jsgf': files.grammar,
    '-ctl': files.list,
    '-cepdir': folder,
    '-cepext': '.wav',
    '-adcin': 'yes',
    '-adchdr': '44',
    '-remove_noise': 'no',
    '-hyp': files.heard,
  };
  const run = spawnSync(recogniser, Object.entries(options).flat(), { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr.slice(-500));
  const lines = await readFile(files.heard, 'utf8');
  return lines
    .trim()
    .split('\n')
    .map((line) => line.replace(/ \(\S+ -?\d+\)$/u, ''));
}

/** The recogniser knows 16 kHz only: every second sample is the mean of its neighbours. */
function wavAtSixteenKilohertz(samples: Int16Array): Buffer {
  const quiet = 4000;
  const wav = Buffer.alloc(44 + (samples.length + 2 * quiet) * 4);
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] ?? 0;
    wav.writeInt16LE(sample, 44 + (quiet + i) * 4);
    wav.writeInt16LE((sample + (samples[i + 1] ?? sample)) >> 1, 46 + (quiet + i) * 4);
  }
  wav.write('RIFF', 0);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(16_000, 24);
  wav.writeUInt32LE(32_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(wav.length - 44, 40);
  return wav;
}

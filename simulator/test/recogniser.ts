import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const recogniser = '/usr/bin/pocketsphinx_batch';
const model = '/usr/share/pocketsphinx/model/en-us';

/** Whether Debian's pocketsphinx and pocketsphinx-en-us are installed. */
export const isRecogniserInstalled = existsSync(recogniser) && existsSync(model);

/** How the recogniser's dictionary lacks it. */
const pronunciations: Readonly<Record<string, string>> = { ai: 'EY AY' };

/** Words as a recogniser writes them. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z']+/gu) ?? [];
}

/**
 * Writes down what is said, each stretch as a whole, by a recogniser that knows which sentences there may be.
 *
 * @param folder    for its files
 * @param stretches 8 kHz
 * @returns the words of each stretch
 */
export async function recognised(
  folder: string,
  stretches: readonly Int16Array[],
  sentences: readonly string[],
): Promise<string[][]> {
  const files = {
    list: path.join(folder, 'list'),
    grammar: path.join(folder, 'grammar.jsgf'),
    dictionary: path.join(folder, 'words.dict'),
    heard: path.join(folder, 'heard'),
  };
  const choices = [...new Set(sentences.map((sentence) => wordsOf(sentence).join(' ')))].filter(Boolean);
  await writeFile(files.grammar, `#JSGF V1.0;\ngrammar call;\npublic <talk> = (${choices.join(' | ')})+;\n`);
  await writeFile(files.dictionary, await dictionaryOf(choices.join(' ').split(' ')));
  await writeFile(files.list, stretches.map((_, i) => `stretch${i}\n`).join(''));
  for (const [i, stretch] of stretches.entries()) {
    await writeFile(path.join(folder, `stretch${i}.wav`), wavAtSixteenKilohertz(stretch));
  }
  const options = {
    '-hmm': path.join(model, 'en-us'),
    '-dict': files.dictionary,
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
  const lines = (await readFile(files.heard, 'utf8')).trim().split('\n');
  return lines.map((line) => wordsOf(line.replace(/\(\S+ -?\d+\)$/u, '')));
}

/** How many words have to be put in, left out or exchanged, per word that was said. */
export function wordErrorRate(said: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, i) => i + 1);
  row.unshift(0);
  for (const [i, word] of said.entries()) {
    const next = [i + 1];
    for (const [k, other] of heard.entries()) {
      const exchanged = (row[k] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(exchanged, (row[k + 1] ?? 0) + 1, (next[k] ?? 0) + 1));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / Math.max(1, said.length);
}

/** The part of the recogniser's dictionary that is needed: all of it takes a second to read. */
async function dictionaryOf(words: readonly string[]): Promise<string> {
  const wanted = new Set(words);
  const whole = await readFile(path.join(model, 'cmudict-en-us.dict'), 'utf8');
  const known = whole.split('\n').filter((line) => wanted.has(line.split(/[ (]/u, 1)[0] ?? ''));
  const own = Object.entries(pronunciations).map(([word, sounds]) => `${word} ${sounds}`);
  return `${[...known, ...own].join('\n')}\n`;
}

/** The recogniser knows 16 kHz only: every second sample is the mean of its neighbours. */
function wavAtSixteenKilohertz(samples: Int16Array): Buffer {
  const quiet = 4000;
  const wav = Buffer.alloc(44 + (samples.length + 2 * quiet) * 4);
  for (const [i, sample] of samples.entries()) {
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

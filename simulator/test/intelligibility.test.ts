import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSpeech, decodeMulaw } from '../src/index.ts';
import type { Speech, Voice } from '../src/index.ts';
import { isRecogniserInstalled, recognised } from './recogniser.ts';

if (!isRecogniserInstalled) {
  console.log('intelligibility is not tested: pocketsphinx and pocketsphinx-en-us are not installed');
}

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

test.skipIf(!isRecogniserInstalled).each(['rms', 'kal16', 'awb'] satisfies Voice[])(
  'a recogniser understands %s as it sounds on the phone',
  async (voice) => {
    const said = await Promise.all(sentences.map((sentence) => speech.say(sentence, voice)));
    const stretches = said.map(({ audio }) => decodeMulaw(audio));
    const heard = await recognised(folder, stretches, sentences);
    expect(heard.map((words) => words.join(' '))).toEqual(sentences);
  },
  60_000,
);

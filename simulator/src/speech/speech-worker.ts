/** The thread that speaks: one request at a time, so that synthesis never holds up the media. */
import { parentPort } from 'node:worker_threads';
import { loadFlite } from './flite.ts';
import { hummedText, spokenText } from './spoken-text.ts';
import type { SpokenText } from './spoken-text.ts';

export interface SpeechRequest {
  readonly id: number;
  readonly text: string;
  readonly voice: string;
}

export type SpeechReply =
  { readonly id: number; readonly spoken: SpokenText } | { readonly id: number; readonly problem: string };

const flite = loadFlite();
let queue = Promise.resolve();

parentPort?.on('message', (request: SpeechRequest) => {
  queue = queue.then(() => answer(request));
});

async function answer({ id, text, voice }: SpeechRequest): Promise<void> {
  try {
    const spoken = await speak(text, voice);
    parentPort?.postMessage({ id, spoken } satisfies SpeechReply, [spoken.audio.buffer as ArrayBuffer]);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ id, problem } satisfies SpeechReply);
  }
}

async function speak(text: string, voice: string): Promise<SpokenText> {
  const sayable = inAscii(text);
  if (!/[A-Za-z0-9]/u.test(sayable)) return hummedText(text);
  return spokenText(text, await (await flite)(sayable, voice));
}

/** Flite knows English in ASCII: accents are dropped, typographic marks become plain ones. */
function inAscii(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[‘’]/gu, "'")
    .replace(/[“”]/gu, '"')
    .replace(/\s*[–—]\s*/gu, ', ')
    .replace(/[^\x20-\x7e]+/gu, (others) => (/\s/u.test(others) ? ' ' : ''));
}

import { readFile } from 'node:fs/promises';

/** Both sides of a call as it was recorded, 8 kHz. */
export interface HeardCall {
  readonly person: Int16Array;
  readonly agent: Int16Array;
}

const headerBytes = 44;

/** Reads a stereo WAV of 16 bits: the person on the left, the agent on the right. */
export async function readRecording(file: string): Promise<HeardCall> {
  const wav = await readFile(file);
  const frames = Math.floor((wav.length - headerBytes) / 4);
  const side = (offset: number) =>
    Int16Array.from({ length: frames }, (_, i) => wav.readInt16LE(headerBytes + 4 * i + offset));
  return { person: side(0), agent: side(2) };
}

const windowSamples = 160;
const audible = 100;

/**
 * Cuts one side into its stretches of sound.
 *
 * @param pauseMs so much silence ends a stretch
 */
export function stretchesOf(side: Int16Array, pauseMs: number): Int16Array[] {
  const stretches: { start: number; end: number }[] = [];
  for (let at = 0; at < side.length; at += windowSamples) {
    const isSound = side.subarray(at, at + windowSamples).some((sample) => Math.abs(sample) > audible);
    if (!isSound) continue;
    const last = stretches.at(-1);
    const end = at + windowSamples;
    if (last !== undefined && at - last.end < pauseMs * 8) last.end = end;
    else stretches.push({ start: at, end });
  }
  return stretches.map(({ start, end }) => side.subarray(start, end));
}

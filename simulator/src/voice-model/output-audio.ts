import { bytesPerChunk, bytesPerMs, decodeMulaw, silence } from '../speech/mulaw.ts';

/** @returns µ-law as it is, or as 16-bit PCM at 24 kHz: each sample three times */
export function encoded(piece: Uint8Array, format: string): string {
  if (format !== 'audio/pcm')
    return Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('base64');
  const samples = decodeMulaw(piece);
  const pcm = Buffer.alloc(samples.length * 6);
  for (let i = 0; i < pcm.length / 2; i++) pcm.writeInt16LE(samples[Math.floor(i / 3)] ?? 0, i * 2);
  return pcm.toString('base64');
}

/** @returns the audio cut or padded with silence to so many ms, in whole chunks of 20 ms */
export function lasting(audio: Uint8Array, ms: number): Uint8Array {
  const length = Math.round((ms * bytesPerMs) / bytesPerChunk) * bytesPerChunk;
  const fitted = new Uint8Array(length).fill(silence);
  fitted.set(audio.subarray(0, length));
  return fitted;
}

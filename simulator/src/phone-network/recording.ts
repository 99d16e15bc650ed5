import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { decodeMulaw } from '../speech/mulaw.ts';

const headerBytes = 44;

/** A call on disk while it goes on. */
export interface Recording {
  readonly path: string;
  /** Both parties' audio of the same moment: µ-law, equally long. */
  write(person: Uint8Array, agent: Uint8Array): void;
  /** Writes the sizes into the header; the file is complete afterwards. */
  close(): Promise<void>;
}

/** A stereo WAV, 8 kHz, 16 bits: the person on the left, the agent as the person heard it on the right. */
export async function startRecording(folder: string, name: string): Promise<Recording> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.wav`);
  const file = createWriteStream(path);
  file.write(wavHeader(0));
  // An error is thrown by `finished` in `close`; until then the call goes on without its recording.
  file.on('error', () => undefined);
  let dataBytes = 0;
  return {
    path,
    write: (person, agent) => {
      const frames = interleaved(person, agent);
      dataBytes += frames.length;
      if (!file.destroyed) file.write(frames);
    },
    close: async () => {
      file.end();
      await finished(file);
      const written = await open(path, 'r+');
      try {
        await written.write(wavHeader(dataBytes), 0, headerBytes, 0);
      } finally {
        await written.close();
      }
    },
  };
}

/** Samples of both, by turns: 16 bits, little end first. @param person, agent µ-law, equally long */
export function interleaved(person: Uint8Array, agent: Uint8Array): Buffer {
  const left = decodeMulaw(person);
  const right = decodeMulaw(agent);
  const frames = Buffer.allocUnsafe(left.length * 4);
  for (let i = 0; i < left.length; i++) {
    frames.writeInt16LE(left[i] ?? 0, i * 4);
    frames.writeInt16LE(right[i] ?? 0, i * 4 + 2);
  }
  return frames;
}

export function wavHeader(dataBytes: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(32_000, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}

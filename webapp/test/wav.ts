/**
 * Sound as a WAV file of 16 bits.
 *
 * @param samples those of all channels by turns
 */
export function wavOf(samples: Int16Array, { hz, channels }: { hz: number; channels: number }): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(hz, 24);
  header.writeUInt32LE(hz * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/** Both sides of a talk: the person is heard in even seconds, the agent in odd ones. 8 kHz, the person first. */
export function talkOf(seconds: number): Buffer {
  const hz = 8000;
  const samples = Int16Array.from({ length: hz * seconds * 2 }, (_, index) => {
    const at = Math.floor(index / 2);
    const isAgent = index % 2 === 1;
    const isHeard = (Math.floor(at / hz) % 2 === 1) === isAgent;
    if (!isHeard) return 0;
    return 9000 * Math.sin((2 * Math.PI * (isAgent ? 330 : 180) * at) / hz) * Math.abs(Math.sin(at / 900));
  });
  return wavOf(samples, { hz, channels: 2 });
}

/**
 * Audio that says where it comes from. Each block of 20 ms begins with a stamp, so that whoever receives it can
 * tell whose it is, which one it is and how long it was on its way, however the blocks were grouped meanwhile.
 */
export interface Stamp {
  readonly isFromModel: boolean;
  readonly call: number;
  /** Counts the blocks of one direction of a call, from 0. */
  readonly sequence: number;
  /** Number of the response that it belongs to; 0 for the person's audio. */
  readonly response: number;
  /** Sent although its response had been cancelled: nobody may hear it. It has no sequence. */
  readonly isLate: boolean;
  /** When it was sent, on this process's clock. */
  readonly sentAt: number;
}

export const blockBytes = 160;
export const blockMs = 20;
const stampBytes = 24;
const magic = 0x7e1ef07e;

/** µ-law of a faint hum, never to be taken for padding, which is 0xff. */
const fill = 0xd5;

/** Writes stamps into blocks, and tells their base64. The space is reused: one at a time. */
export class StampWriter {
  readonly #bytes: Buffer;

  /** @param blocks how many blocks make a message */
  constructor(readonly blocks: number) {
    this.#bytes = Buffer.alloc(blocks * blockBytes, fill);
  }

  /** @param first stamp of the first block; the others follow in sequence */
  base64(first: Stamp): string {
    for (let block = 0; block < this.blocks; block += 1) {
      const at = block * blockBytes;
      this.#bytes.writeUInt32BE(magic, at);
      this.#bytes.writeUInt8((first.isFromModel ? 1 : 0) | (first.isLate ? 2 : 0), at + 4);
      this.#bytes.writeUInt8(0, at + 5);
      this.#bytes.writeUInt16BE(first.call, at + 6);
      this.#bytes.writeUInt32BE(first.sequence + block, at + 8);
      this.#bytes.writeUInt32BE(first.response, at + 12);
      this.#bytes.writeDoubleBE(first.sentAt, at + 16);
    }
    return this.#bytes.toString('base64');
  }
}

const largestMessageBytes = 64 * 1024;
const scratch = Buffer.alloc(largestMessageBytes);

/**
 * Reads the stamps of a message's audio.
 *
 * @param onStamp is told each block's stamp; undefined for one without, such as padding
 * @returns length of the audio in ms
 */
export function readStamps(base64: string, onStamp: (stamp: Stamp | undefined) => void): number {
  const length = scratch.write(base64, 'base64');
  for (let at = 0; at < length; at += blockBytes) {
    if (length - at < stampBytes || scratch.readUInt32BE(at) !== magic) {
      onStamp(undefined);
      continue;
    }
    const flags = scratch.readUInt8(at + 4);
    onStamp({
      isFromModel: (flags & 1) !== 0,
      isLate: (flags & 2) !== 0,
      call: scratch.readUInt16BE(at + 6),
      sequence: scratch.readUInt32BE(at + 8),
      response: scratch.readUInt32BE(at + 12),
      sentAt: scratch.readDoubleBE(at + 16),
    });
  }
  return length / 8;
}

/** A string field that is most of a message, cut out without parsing it; undefined when it is not there. */
export function longField(message: string, quotedName: string): string | undefined {
  const name = message.indexOf(quotedName);
  if (name === -1) return undefined;
  const start = message.indexOf('"', message.indexOf(':', name + quotedName.length)) + 1;
  const end = message.indexOf('"', start);
  return start === 0 || end === -1 ? undefined : message.slice(start, end);
}

import { chunkOfBase64, type Chunk } from '../../lib/chunk.ts';
import { findStringFields, spells, StringField } from '../../lib/json-scan.ts';

/** The one message that makes up most of the traffic. */
export const audioDeltaType = 'response.output_audio.delta';

/**
 * Takes the audio out of `response.output_audio.delta` messages without parsing them. One per voice session: it
 * remembers the ids of the last chunk, since hundreds in a row share them.
 */
export class AudioDeltaReader {
  readonly #type = new StringField('type');
  readonly #item = new StringField('item_id');
  readonly #response = new StringField('response_id');
  readonly #delta = new StringField('delta');
  readonly #typeAlone = [this.#type];
  readonly #rest = [this.#item, this.#response, this.#delta];
  #itemId = '';
  #responseId = '';

  /** Of the chunk read last. */
  get itemId(): string {
    return this.#itemId;
  }

  /** Of the chunk read last. */
  get responseId(): string {
    return this.#responseId;
  }

  /** @returns a view into `message`; undefined when it is anything but audio in its plain form */
  read(message: Buffer): Chunk | undefined {
    if (!findStringFields(message, this.#typeAlone)) return undefined;
    if (!spells(message, audioDeltaType, this.#type.start, this.#type.end)) return undefined;
    if (!findStringFields(message, this.#rest)) return undefined;
    const base64 = this.#delta.bytes(message);
    if (!isBase64(base64)) return undefined;
    if (!spells(message, this.#itemId, this.#item.start, this.#item.end)) {
      this.#itemId = this.#item.bytes(message).toString();
    }
    if (!spells(message, this.#responseId, this.#response.start, this.#response.end)) {
      this.#responseId = this.#response.bytes(message).toString();
    }
    return chunkOfBase64(base64);
  }
}

const blockChars = 64 * 1024;
const padding = '='.charCodeAt(0);

/** Decoded audio goes here to be forgotten: only its length counts. */
const scratch = Buffer.allocUnsafe((blockChars / 4) * 3);

/**
 * Whether these bytes may be put between quotes into the carrier's JSON. Node's decoder skips what is not
 * base64, so text that is decodes to its full length and nothing else does. Native, and twice as fast as a
 * loop over the bytes, which all audio would have to pass.
 */
export function isBase64(bytes: Buffer): boolean {
  const { length } = bytes;
  const pads = bytes[length - 1] !== padding ? 0 : bytes[length - 2] !== padding ? 1 : 2;
  const chars = length - pads;
  for (let at = 0; at < chars; at += blockChars) {
    const end = Math.min(at + blockChars, chars);
    const decoded = scratch.write(bytes.toString('latin1', at, end), 'base64');
    if (decoded !== ((end - at) * 3) >> 2) return false;
  }
  return chars > 0;
}

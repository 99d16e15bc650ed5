import { chunkOfBase64, type Chunk } from '../../lib/chunk.ts';
import { findStringFields, spells, StringField } from '../../lib/json-scan.ts';

/** The messages that make up most of the traffic: the agent's audio, and its words. */
export const audioDeltaType = 'response.output_audio.delta';
export const wordsDeltaType = 'response.output_audio_transcript.delta';

/** Words come a few at a time; what is longer is left to the parser and its limit. */
const mostWordsBytes = 4096;

/**
 * Takes audio and words out of the messages that bring them, without parsing them. One per voice session: it
 * remembers the ids that it read last, since hundreds of messages in a row share them.
 */
export class DeltaReader {
  readonly #type = new StringField('type');
  readonly #item = new StringField('item_id');
  readonly #response = new StringField('response_id');
  readonly #delta = new StringField('delta');
  readonly #typeAlone = [this.#type];
  readonly #rest = [this.#item, this.#response, this.#delta];
  #itemId = '';
  #responseId = '';

  /** Of what was read last. */
  get itemId(): string {
    return this.#itemId;
  }

  /** Of what was read last. */
  get responseId(): string {
    return this.#responseId;
  }

  /** @returns a view into `message`; undefined when it is anything but audio in its plain form */
  audio(message: Buffer): Chunk | undefined {
    if (!this.#find(message, audioDeltaType)) return undefined;
    const base64 = this.#delta.bytes(message);
    if (!isBase64(base64)) return undefined;
    this.#readIds(message);
    return chunkOfBase64(base64);
  }

  /** @returns undefined when it is anything but a few words of the agent, or when they hold an escape */
  words(message: Buffer): string | undefined {
    if (message.length > mostWordsBytes || !this.#find(message, wordsDeltaType)) return undefined;
    this.#readIds(message);
    return this.#delta.bytes(message).toString();
  }

  #find(message: Buffer, type: string): boolean {
    return (
      findStringFields(message, this.#typeAlone) &&
      spells(message, type, this.#type.start, this.#type.end) &&
      findStringFields(message, this.#rest)
    );
  }

  #readIds(message: Buffer): void {
    if (!spells(message, this.#itemId, this.#item.start, this.#item.end)) {
      this.#itemId = this.#item.bytes(message).toString();
    }
    if (!spells(message, this.#responseId, this.#response.start, this.#response.end)) {
      this.#responseId = this.#response.bytes(message).toString();
    }
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

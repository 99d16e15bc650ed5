import { bytesPerChunk, silence } from '../speech/mulaw.ts';
import { PlaybackBuffer } from './playback-buffer.ts';

/** What is being played to the person, and who wants to know when its marks are reached. */
export interface PlayedToPerson {
  readonly buffer: PlaybackBuffer;
  onReached(mark: string): void;
}

/** Both directions of the same 20 ms. */
export interface LineMoment {
  readonly fromPerson: Uint8Array;
  readonly personIsTalking: boolean;
  readonly toPerson: Uint8Array;
  /** How many of the bytes to the person were really sent by somebody: the rest is silence. */
  readonly sentBytes: number;
}

/**
 * The audio path of a call that has been answered: each tick carries 20 ms both ways. What is played to
 * the person changes with the verb that runs; what the person says waits in a queue of its own.
 */
export class PhoneLine {
  /** Set by the verb that runs. */
  toPerson: PlayedToPerson | undefined;
  readonly #person = new PlaybackBuffer();
  readonly #whenSaid = new Map<string, (wasSaid: boolean) => void>();
  #lastSaying = 0;

  /** Queues what the person says. @returns whether it was all said, once it was said or cut */
  personSays(audio: Uint8Array): Promise<boolean> {
    const mark = String(++this.#lastSaying);
    this.#person.add(audio);
    this.#person.mark(mark);
    return new Promise((done) => this.#whenSaid.set(mark, done));
  }

  personFallsSilent(): void {
    this.#settle(this.#person.clear(), false);
  }

  /** Carries the next 20 ms. */
  tick(): LineMoment {
    const said = this.#person.next(bytesPerChunk);
    this.#settle(said.reached, true);
    const playing = this.toPerson;
    if (playing === undefined) {
      return { ...fromPersonOf(said), toPerson: silentChunk, sentBytes: 0 };
    }
    const heard = playing.buffer.next(bytesPerChunk);
    for (const mark of heard.reached) playing.onReached(mark);
    return { ...fromPersonOf(said), toPerson: heard.audio, sentBytes: heard.playedBytes };
  }

  #settle(marks: readonly string[], wasSaid: boolean): void {
    for (const mark of marks) {
      this.#whenSaid.get(mark)?.(wasSaid);
      this.#whenSaid.delete(mark);
    }
  }
}

const silentChunk = new Uint8Array(bytesPerChunk).fill(silence);

function fromPersonOf(said: { audio: Uint8Array; playedBytes: number }): {
  fromPerson: Uint8Array;
  personIsTalking: boolean;
} {
  return { fromPerson: said.audio, personIsTalking: said.playedBytes > 0 };
}

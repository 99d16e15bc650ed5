import { silenceLasting } from '../speech/mulaw.ts';
import { beep, holdMusic, ringingTone } from '../speech/tones.ts';
import type { Handset, Moment, PersonInCall } from './persona.ts';

/** Louder than this is a voice. */
const audible = 250;
/** Of a message that is being left, until its hearer runs to the phone. */
const hasHeardEnoughMs = 1500;

/** What comes after a machine: it is called once, and takes over the phone. */
export type Next = (handset: Handset) => PersonInCall;

/** A party that is replaced by another in the middle of the call. */
export class HandedOver implements PersonInCall {
  #present: PersonInCall;

  /** @param first gets the way to hand over */
  constructor(first: (handOver: (next: PersonInCall) => void) => PersonInCall) {
    this.#present = first((next) => (this.#present = next));
  }

  tick(moment: Moment): void {
    this.#present.tick(moment);
  }

  pressed(digit: string): void {
    this.#present.pressed?.(digit);
  }
}

const deaf: PersonInCall = { tick: () => undefined };

/** Greets, beeps, records so many ms of whatever comes, and hangs up. */
export function voicemail(handset: Handset, greeting: string, recordsMs: number): PersonInCall {
  void (async () => {
    await handset.play(silenceLasting(400));
    await handset.say(greeting);
    await handset.play(silenceLasting(400));
    await handset.play(beep());
    if (await handset.play(silenceLasting(recordsMs))) handset.hangUp();
  })();
  return deaf;
}

/** A voicemail whose owner picks up while the message is being left: says so into it, and talks on. */
export function lateToThePhone(
  handset: Handset,
  words: { readonly greeting: string; readonly pickingUp: string },
  next: Next,
): PersonInCall {
  return new HandedOver((handOver) => {
    let isRecording = false;
    let voiceMs = 0;
    void (async () => {
      await handset.play(silenceLasting(400));
      await handset.say(words.greeting);
      await handset.play(silenceLasting(400));
      isRecording = await handset.play(beep());
    })();
    const pickUp = async () => {
      isRecording = false;
      await handset.say(words.pickingUp);
      handOver(next(handset));
    };
    return {
      tick: ({ loudness }) => {
        if (!isRecording) return;
        if (loudness > audible) voiceMs += 20;
        if (voiceMs >= hasHeardEnoughMs) void pickUp();
      },
    };
  });
}

/** Says that one must wait, plays music so many ms, and puts a human on. */
export function onHold(handset: Handset, words: string, musicMs: number, next: Next): PersonInCall {
  return new HandedOver((handOver) => {
    void (async () => {
      await handset.play(silenceLasting(400));
      await handset.say(words);
      const music = holdMusic();
      for (let leftMs = musicMs; leftMs > 0; leftMs -= music.length / 8) {
        if (!(await handset.play(music))) return;
      }
      handOver(next(handset));
    })();
    return deaf;
  });
}

/** Asks who is calling, listens until the caller has been silent for a second, and puts a human on. */
export function callScreening(
  handset: Handset,
  words: { readonly asks: string; readonly thanks: string },
  next: Next,
): PersonInCall {
  return new HandedOver((handOver) => {
    let hasAsked = false;
    let isConnecting = false;
    let voiceMs = 0;
    let quietMs = 0;
    void handset.say(words.asks).then(() => (hasAsked = true));
    const connect = async () => {
      isConnecting = true;
      await handset.say(words.thanks);
      await handset.play(ringingTone());
      handOver(next(handset));
    };
    return {
      tick: ({ loudness }) => {
        if (!hasAsked || isConnecting) return;
        if (loudness > audible) voiceMs += 20;
        quietMs = loudness > audible ? 0 : quietMs + 20;
        if (voiceMs >= 400 && quietMs >= 1000) void connect();
        else if (quietMs >= 12_000) handset.hangUp();
      },
    };
  });
}

import { loudnessText } from '../call/loudness.ts';
import type { Loudness } from '../call/loudness.ts';
import type { Chunk } from '../lib/chunk.ts';
import type { Clock } from '../lib/runtime.ts';

const stepMs = 100;
/** Live watchers are told this often. */
const stepsTold = 4;
/** What is kept is written this often: 20 s. */
const stepsKept = 200;
/** Bytes of base64 per ms of µ-law: 8 bytes, 4 letters for 3 of them. */
const lettersPerMs = 32 / 3;
/** One sample in twelve is looked at, which is enough to find the peaks of a voice. */
const lettersApart = 16;

/**
 * The level of a µ-law sample by the first base64 letter of its group of three, which holds its sign and the upper
 * five bits of its size. µ-law stores the size inverted and by its logarithm (ITU-T G.711): the bits are the level.
 */
const levelOfLetter = new Uint8Array(256);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (const [bits, letter] of [...alphabet].entries()) levelOfLetter[letter.charCodeAt(0)] = ~bits & 31;

export interface LoudnessOwner {
  /** The latest steps, for whoever follows the call as it happens. */
  heard(loudness: Loudness): void;
  /** All steps since the last time, to be kept. Not called for a while in which nobody made a sound. */
  noted(loudness: Loudness): void;
}

/**
 * How loud both parties are, from the audio as it passes. It is asked for each chunk, so it sets no timer, decodes
 * nothing and looks at one sample in twelve.
 */
export class LoudnessMeter {
  readonly #clock: Clock;
  readonly #owner: LoudnessOwner;
  /** Levels of steps from `#first` on. The agent's reach into the future: its audio is sent before it is heard. */
  readonly #person: number[] = [];
  readonly #agent: number[] = [];
  /** Elapsed ms, and ms since 1970, at step 0. */
  #start: { readonly ms: number; readonly at: number } | undefined;
  #first = 0;
  #told = 0;
  /** Of the step under way: its number, when it is over, and how loud the person was in it; below 0: not heard at all. */
  #step = 0;
  #stepEndsMs = 0;
  #personLevel = -1;
  /** When the agent's audio that was sent so far will have been heard, elapsed ms. */
  #agentUntilMs = 0;

  constructor(clock: Clock, owner: LoudnessOwner) {
    this.#clock = clock;
    this.#owner = owner;
  }

  /** @param chunk heard just now */
  person({ base64 }: Chunk): void {
    const now = this.#clock.elapsed();
    if (now >= this.#stepEndsMs) this.#reach(now);
    const level = peak(base64, 0, base64.length);
    if (level > this.#personLevel) this.#personLevel = level;
  }

  /** @param chunk sent just now, to be heard behind what was sent before it */
  agent({ base64, ms }: Chunk): void {
    const now = this.#clock.elapsed();
    this.#reach(now);
    let from = Math.max(now, this.#agentUntilMs);
    const begin = from;
    const end = from + ms;
    this.#agentUntilMs = end;
    const zero = this.#start?.ms ?? 0;
    for (let step = Math.floor((from - zero) / stepMs); from < end; step++) {
      const until = Math.min(end, zero + (step + 1) * stepMs);
      raise(this.#agent, step - this.#first, peak(base64, letterAt(from - begin), letterAt(until - begin)));
      from = until;
    }
  }

  /** What was sent of the agent and not heard yet is dropped. */
  cleared(): void {
    if (this.#start === undefined) return;
    const now = this.#clock.elapsed();
    this.#agentUntilMs = Math.min(this.#agentUntilMs, now);
    const begun = Math.ceil((now - this.#start.ms) / stepMs) - this.#first;
    this.#agent.length = Math.min(this.#agent.length, Math.max(0, begun));
  }

  /** The line is dead: hands over what was not kept yet. */
  finish(): void {
    if (this.#start === undefined) return;
    this.cleared();
    this.#reach(this.#clock.elapsed());
    this.#noteStep();
    this.#keep(this.#step + 1);
  }

  /** Enters the step of that time: tells and keeps what is over by then. */
  #reach(now: number): void {
    this.#start ??= { ms: now, at: this.#clock.now() };
    const step = Math.floor((now - this.#start.ms) / stepMs);
    this.#stepEndsMs = this.#start.ms + (step + 1) * stepMs;
    if (step === this.#step) return;
    this.#noteStep();
    this.#step = step;
    if (step - this.#told < stepsTold) return;
    const heard = this.#stretch(Math.max(this.#told, this.#first), step);
    this.#told = step;
    if (heard !== undefined) this.#owner.heard(heard);
    if (step - this.#first >= stepsKept) this.#keep(step);
  }

  #noteStep(): void {
    if (this.#personLevel >= 0) raise(this.#person, this.#step - this.#first, this.#personLevel);
    this.#personLevel = -1;
  }

  #keep(end: number): void {
    const noted = this.#stretch(this.#first, end);
    this.#person.splice(0, end - this.#first);
    this.#agent.splice(0, end - this.#first);
    this.#first = end;
    if (noted !== undefined) this.#owner.noted(noted);
  }

  /** @returns undefined when nobody made a sound */
  #stretch(from: number, end: number): Loudness | undefined {
    const begin = from - this.#first;
    const count = Math.min(end - this.#first, Math.max(this.#person.length, this.#agent.length)) - begin;
    if (count <= 0 || this.#start === undefined) return undefined;
    const person = stretchOf(this.#person, begin, count);
    const agent = stretchOf(this.#agent, begin, count);
    if (!hasSound(person) && !hasSound(agent)) return undefined;
    return {
      fromAt: Math.round(this.#start.at + from * stepMs),
      stepMs,
      person: loudnessText(person),
      agent: loudnessText(agent),
    };
  }
}

function raise(levels: number[], at: number, level: number): void {
  while (levels.length <= at) levels.push(0);
  if (level > (levels[at] ?? 0)) levels[at] = level;
}

function stretchOf(levels: readonly number[], begin: number, count: number): readonly number[] {
  const stretch: number[] = [];
  for (let at = begin; at < begin + count; at += 1) stretch.push(levels[at] ?? 0);
  return stretch;
}

function hasSound(levels: readonly number[]): boolean {
  return levels.some((level) => level > 0);
}

/** Where in the base64 text the group of a sample begins. */
function letterAt(ms: number): number {
  return Math.floor((ms * lettersPerMs) / 4) * 4;
}

function peak(base64: Uint8Array, from: number, end: number): number {
  let most = 0;
  for (let at = from; at < end; at += lettersApart) {
    const level = levelOfLetter[base64[at] ?? 0] ?? 0;
    if (level > most) most = level;
  }
  return most;
}

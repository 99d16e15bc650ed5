import type { Brain, Reply } from './brain.ts';
import type { Handset, Moment, PersonInCall } from './persona.ts';

export interface TurnTakingOptions {
  /** Said into the other's sentences on purpose, one each time. */
  readonly interruptions?: readonly string[];
}

interface Saying<State> {
  readonly before: State;
  readonly heard: readonly string[];
  readonly startedMs: number;
  readonly lengthMs: number;
}

const tickMs = 20;
/** Louder than this is a voice. */
const audible = 250;
/** The other still talks if there was sound so recently. */
const talkingMs = 260;
const greetAfterMs = 700;
/** Silence that ends a sentence whose end was not heard; without any captions there is only this. */
const cutSentenceMs = 1200;
const voiceOnlyMs = 900;
const shortestVoiceMs = 300;
/** Talked over for so long, a person gives way. */
const givesWayAfterMs = 900;
const interruptsAfterMs = 1500;
const patienceMs = 7000;
const longPatienceMs = 25_000;
const leavesAfterMs = 4000;
/** How long saying a letter takes, about: to tell whether most of a reply was said. */
const letterMs = 65;

/**
 * Speaks when it is one's turn: greets, listens word by word, answers some 300 to 700 ms after the other has
 * finished, gives way when talked over for long, asks into long silence, and hangs up after the goodbyes.
 */
export class TurnTaking<State> implements PersonInCall {
  readonly #handset: Handset;
  readonly #brain: Brain<State>;
  readonly #interruptions: string[];
  #state: State;
  #nowMs = 0;
  /** The other's words since the last reply, and whether the end of the utterance was heard. */
  #heard: string[] = [];
  #isComplete = false;
  #voiceMs = 0;
  #quietMs = Infinity;
  #sentenceMs = 0;
  #overlapMs = 0;
  /** Ms since anybody was heard. */
  #silentMs = 0;
  #hasGreeted = false;
  #isInterrupting = false;
  #isWaiting = false;
  #isLeaving = false;
  #reminders = 0;
  /** What is being said; taken back if it is cut before most of it was said. */
  #saying: Saying<State> | undefined;

  constructor(handset: Handset, brain: Brain<State>, options: TurnTakingOptions = {}) {
    this.#handset = handset;
    this.#brain = brain;
    this.#state = brain.start;
    this.#interruptions = [...(options.interruptions ?? [])];
  }

  tick(moment: Moment): void {
    this.#nowMs += tickMs;
    this.#listen(moment);
    const isBusy = this.#saying !== undefined || moment.isTalking;
    this.#silentMs = isBusy || this.#othersTalk ? 0 : this.#silentMs + tickMs;
    if (this.#isInterrupting) return;
    if (isBusy) return this.#mindOverlap();
    this.#overlapMs = 0;
    if (this.#othersTalk) return this.#maybeInterrupt();
    if (!this.#hasGreeted && this.#heard.length === 0 && this.#voiceMs === 0) {
      if (this.#nowMs >= greetAfterMs) this.#greet();
      return;
    }
    if (this.#isMyTurn()) return this.#answer();
    this.#mindSilence();
  }

  get #othersTalk(): boolean {
    return this.#quietMs < talkingMs;
  }

  #listen({ captions, loudness }: Moment): void {
    if (loudness > audible) {
      this.#quietMs = 0;
      this.#voiceMs += tickMs;
    } else {
      this.#quietMs += tickMs;
    }
    this.#sentenceMs = this.#othersTalk ? this.#sentenceMs + tickMs : 0;
    for (const { kind, text } of captions) {
      if (kind === 'word') {
        this.#heard.push(text);
        this.#isComplete = false;
      } else if (kind === 'end-of-utterance') {
        this.#isComplete = true;
      }
    }
  }

  #isMyTurn(): boolean {
    if (this.#heard.length === 0) return this.#voiceMs >= shortestVoiceMs && this.#quietMs >= voiceOnlyMs;
    return this.#quietMs >= (this.#isComplete ? this.#replyGapMs : cutSentenceMs);
  }

  /** Between 300 and 700 ms, and not always the same. */
  get #replyGapMs(): number {
    return 360 + ((this.#heard.length * 70) % 280);
  }

  #greet(): void {
    this.#hasGreeted = true;
    void this.#say({ say: this.#brain.greeting }, this.#state);
  }

  #answer(): void {
    this.#hasGreeted = true;
    this.#isWaiting = false;
    this.#reminders = 0;
    const before = this.#state;
    const { state, reply } = this.#brain.reply(before, this.#heard.join(' '));
    this.#state = state;
    void this.#say(reply, before);
  }

  async #say(reply: Reply, before: State): Promise<void> {
    const lengthMs = reply.say.length * letterMs;
    const saying = { before, heard: this.#heard, startedMs: this.#nowMs, lengthMs };
    this.#saying = saying;
    this.#heard = [];
    this.#isComplete = false;
    this.#voiceMs = 0;
    if (reply.say !== '') await this.#handset.say(reply.say).catch(() => false);
    if (this.#saying !== saying) return;
    this.#saying = undefined;
    if (reply.afterwards === 'leave') this.#isLeaving = true;
    if (reply.afterwards === 'wait') this.#isWaiting = true;
  }

  /** Both talk at once: the other usually stops; if not, this person does. */
  #mindOverlap(): void {
    if (!this.#othersTalk) return;
    this.#overlapMs += tickMs;
    if (this.#overlapMs < givesWayAfterMs) return;
    this.#overlapMs = 0;
    const cut = this.#saying;
    this.#saying = undefined;
    this.#handset.stopTalking();
    if (!cut || this.#nowMs - cut.startedMs > cut.lengthMs * 0.6) return;
    this.#state = cut.before;
    this.#heard = [...cut.heard, ...this.#heard];
  }

  #maybeInterrupt(): void {
    if (this.#sentenceMs < interruptsAfterMs) return;
    const words = this.#interruptions.shift();
    if (words === undefined) return;
    this.#hasGreeted = true;
    void this.#interrupt(words);
  }

  async #interrupt(words: string): Promise<void> {
    this.#isInterrupting = true;
    await this.#handset.say(words).catch(() => false);
    this.#isInterrupting = false;
    // The sentence was spoiled: the other will begin again.
    this.#heard = [];
    this.#isComplete = false;
    this.#voiceMs = 0;
  }

  #mindSilence(): void {
    if (this.#isLeaving) {
      if (this.#silentMs >= leavesAfterMs) this.#handset.hangUp();
      return;
    }
    if (this.#silentMs < (this.#isWaiting ? longPatienceMs : patienceMs)) return;
    this.#isWaiting = false;
    this.#reminders++;
    if (this.#reminders > 2) {
      void this.#say({ say: 'I cannot hear anybody. Goodbye.', afterwards: 'leave' }, this.#state);
    } else {
      void this.#say({ say: 'Hello? Are you still there?' }, this.#state);
    }
  }
}

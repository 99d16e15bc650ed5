import type { SpokenWord } from '../speech/word-times.ts';
import { cutTurn } from './conversation.ts';
import type { Entry } from './conversation.ts';
import type { MessageItem } from './wire.ts';

/** A message of the agent while it is being spoken or written. */
export class OpenMessage {
  readonly entry: Entry;
  readonly item: MessageItem;
  readonly outputIndex: number;
  /** What it will have said in the end. */
  readonly whole: string;
  /** Those synthesised so far. */
  readonly #words: SpokenWord[] = [];
  #wordsTold = 0;

  constructor(id: string, outputIndex: number, whole: string, intent: string | undefined) {
    const shared = {
      object: 'realtime.item',
      type: 'message',
      status: 'in_progress',
      role: 'assistant',
    } as const;
    this.item = { id, ...shared, content: [] };
    const turn = { by: 'agent', text: whole, isCut: false, ...(intent ? { intent } : {}) } as const;
    this.entry = { item: this.item, turn, audioMs: 0, words: this.#words };
    this.outputIndex = outputIndex;
    this.whole = whole;
  }

  /** What the transcript has told so far. */
  get told(): string {
    if (this.#words.length === 0) return this.#wordsTold > 0 ? this.whole : '';
    return this.#words
      .slice(0, this.#wordsTold)
      .map(({ text }) => text)
      .join(' ');
  }

  /** Adds the words of audio that follows what there is. */
  append(words: readonly SpokenWord[]): void {
    const { audioMs } = this.entry;
    for (const { text, startMs, endMs } of words) {
      this.#words.push({ text, startMs: startMs + audioMs, endMs: endMs + audioMs });
    }
  }

  /** @returns the pieces of transcript that become due; audio without word times is told at once */
  wordsUntil(ms: number): string[] {
    if (this.#words.length === 0) {
      if (this.#wordsTold > 0 || this.whole === '') return [];
      this.#wordsTold = 1;
      return [this.whole];
    }
    const pieces: string[] = [];
    for (let word = this.#next; word && word.startMs <= ms; word = this.#next) {
      pieces.push(this.#wordsTold === 0 ? word.text : ` ${word.text}`);
      this.#wordsTold++;
    }
    return pieces;
  }

  get #next(): SpokenWord | undefined {
    return this.#words[this.#wordsTold];
  }

  /** Remembers only what there is audio of. */
  cutShort(): void {
    const cut = cutTurn(this.entry.turn, this.#words, this.entry.audioMs);
    this.entry.turn = cut.by === 'agent' ? { ...cut, isCut: true } : cut;
  }
}

import type { SpokenWord } from '../speech/word-times.ts';
import type { Turn } from './dialogue.ts';
import type { HeardAudio } from './ears.ts';
import type { Item } from './wire.ts';

/** One item of the conversation, with what the wire does not tell of it. */
export interface Entry {
  /** Missing for what is remembered without being an item, such as a response without output. */
  item?: Item;
  turn: Turn;
  /** Audio heard or produced so far, in ms. */
  audioMs: number;
  /** When the agent's words are spoken within the audio. */
  words?: readonly SpokenWord[];
}

/** The items in their order, which is not always that of their arrival. */
export class Conversation {
  #entries: Entry[] = [];

  get items(): readonly Item[] {
    return this.#entries.flatMap(({ item }) => (item ? [item] : []));
  }

  get dialogue(): readonly Turn[] {
    return this.#entries.map(({ turn }) => turn);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get lastItemId(): string | null {
    return this.#entries.findLast(({ item }) => item)?.item?.id ?? null;
  }

  find(itemId: string): Entry | undefined {
    return this.#entries.find(({ item }) => item?.id === itemId);
  }

  /** @returns the id of the item before this one, null if it is the first */
  before(itemId: string): string | null {
    const at = this.#entries.findIndex(({ item }) => item?.id === itemId);
    return this.#entries.slice(0, Math.max(0, at)).findLast(({ item }) => item)?.item?.id ?? null;
  }

  /** @returns the name of the function that was called under this id */
  toolCalled(callId: string): string | undefined {
    for (const { item } of this.#entries) {
      if (item?.type === 'function_call' && item.call_id === callId) return item.name;
    }
    return undefined;
  }

  /**
   * @param after the item to follow: `root` for the beginning, nothing for the end. It must exist
   * @returns the id of the item before, null if there is none
   */
  add(entry: Entry, after?: string): string | null {
    if (after === undefined) {
      const before = this.lastItemId;
      this.#entries.push(entry);
      return before;
    }
    const at = after === 'root' ? 0 : this.#entries.findIndex(({ item }) => item?.id === after) + 1;
    this.#entries.splice(at, 0, entry);
    return after === 'root' ? null : after;
  }

  /** @returns whether there was such an item */
  remove(itemId: string): boolean {
    const at = this.#entries.findIndex(({ item }) => item?.id === itemId);
    if (at >= 0) this.#entries.splice(at, 1);
    return at >= 0;
  }

  /** Forgets what lies behind `audioEndMs` of something the agent said, and its transcript, as the API does. */
  truncate(entry: Entry, audioEndMs: number): void {
    entry.audioMs = audioEndMs;
    entry.turn = cutTurn(entry.turn, entry.words ?? [], audioEndMs);
    if (entry.item?.type !== 'message') return;
    const content = entry.item.content.map(({ type }) => ({ type }));
    entry.item = { ...entry.item, content };
  }
}

/** @returns what the agent has said after so much of its audio */
export function cutTurn(turn: Turn, words: readonly SpokenWord[], heardMs: number): Turn {
  if (turn.by !== 'agent') return turn;
  const heard = words.filter(({ endMs }) => endMs <= heardMs);
  const text = heard.map((word) => word.text).join(' ');
  return { ...turn, text, isCut: turn.isCut || heard.length < words.length };
}

/** @returns an item of what a person said, or of nobody having said anything */
export function heardEntry(id: string, heard: HeardAudio, isSilence: boolean): Entry {
  const content = [{ type: 'input_audio', transcript: null }];
  const item = {
    id,
    object: 'realtime.item',
    type: 'message',
    status: 'completed',
    role: 'user',
    content,
  } as const;
  const turn: Turn = isSilence
    ? { by: 'silence' }
    : { by: 'person', text: heard.words.join(' '), sounds: heard.sounds };
  return { item, turn, audioMs: heard.durationMs };
}

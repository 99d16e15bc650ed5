import type { VoiceEvent } from '../voice-model.ts';

type ItemAdded = Extract<VoiceEvent, { readonly type: 'item-added' }>;
type AgentWords = Extract<VoiceEvent, { readonly type: 'agent-words-growing' | 'agent-words-settled' }>;
type PersonWords = Extract<VoiceEvent, { readonly type: 'person-words-growing' | 'person-words-settled' }>;

/**
 * What was told of a session's items. OpenAI announces each item before its words and each end of its audio;
 * compatible endpoints leave announcements out, and without them words would have no place in the transcript.
 */
export class ToldItems {
  readonly #placed = new Set<string>();
  readonly #worded = new Set<string>();
  /** Items that a person has spoken and that have no place yet, in spoken order. */
  readonly #spoken = new Set<string>();
  /** Items of the agent whose audio has not ended, each with its response. */
  readonly #unended = new Map<string, string>();

  /** An item takes its place once, however often the wire announces it. */
  added(event: ItemAdded): readonly VoiceEvent[] {
    if (this.#placed.has(event.itemId)) return [];
    this.#placed.add(event.itemId);
    this.#spoken.delete(event.itemId);
    return [event];
  }

  spoken(itemId: string): void {
    if (!this.#placed.has(itemId)) this.#spoken.add(itemId);
  }

  /** What was spoken before an answer stands before it, however late its words come. */
  responseStarted(): readonly VoiceEvent[] {
    return [...this.#spoken].flatMap((itemId) => this.#place(itemId, 'person'));
  }

  personWords(event: PersonWords): readonly VoiceEvent[] {
    return this.#placed.has(event.itemId) ? [event] : [...this.#place(event.itemId, 'person'), event];
  }

  agentWords(event: AgentWords, responseId: string): readonly VoiceEvent[] {
    const { itemId } = event;
    if (event.type === 'agent-words-settled') this.#worded.add(itemId);
    // Nearly always: a word of an item that was announced.
    if (this.#placed.has(itemId)) return [event];
    this.#unended.set(itemId, responseId);
    return [...this.#place(itemId, 'agent'), event];
  }

  isWorded(itemId: string): boolean {
    return this.#worded.has(itemId);
  }

  audioEnded(itemId: string): void {
    this.#unended.delete(itemId);
  }

  /** @returns the ends of audio that the wire has not told */
  responseCompleted(responseId: string): readonly VoiceEvent[] {
    const itemIds = [...this.#unended].filter(([, of]) => of === responseId).map(([itemId]) => itemId);
    for (const itemId of itemIds) this.#unended.delete(itemId);
    return itemIds.map((itemId) => ({ type: 'audio-ended', itemId, responseId }));
  }

  #place(itemId: string, speaker: 'person' | 'agent'): readonly VoiceEvent[] {
    return this.added({ type: 'item-added', itemId, afterItemId: null, speaker });
  }
}

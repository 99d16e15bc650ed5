import type { VoiceEvent } from '../voice-model.ts';
import { requestIdOf } from './client-events.ts';
import { meaningOfError } from './refusals.ts';
import type { ServerError, ServerEvent } from './server-events.ts';
import { ToldItems } from './told-items.ts';

type ResponseEnded = Extract<ServerEvent, { readonly type: 'response-ended' }>;

/**
 * What one voice session remembers in order to tell each thing once and to the point: items and tool calls are
 * announced on the wire more than once, audio of a cancelled response comes late, and an error may not say
 * which request it refuses. No socket, no clock: messages in, events out.
 */
export class EventTranslator {
  readonly #items = new ToldItems();
  readonly #toldToolCalls = new Set<string>();
  readonly #asides = new Set<string>();
  readonly #silenced = new Set<string>();
  #lastRequestId: string | undefined;

  /** To be called for each request for a response. */
  requested(requestId: string): void {
    this.#lastRequestId = requestId;
  }

  /** Whether audio of this response must not reach the person: it was cancelled, or asked on the side. */
  isSilenced(responseId: string): boolean {
    return this.#silenced.has(responseId);
  }

  /** What to tell of this; empty for repetitions and for what concerns only the wire. */
  translate(event: ServerEvent): readonly VoiceEvent[] {
    switch (event.type) {
      case 'item-added':
        return this.#items.added(event);
      case 'speech-stopped':
        this.#items.spoken(event.itemId);
        return [event];
      case 'person-words-growing':
      case 'person-words-settled':
        return this.#items.personWords(event);
      case 'tool-called':
        return isNew(this.#toldToolCalls, event.toolCallId) ? [event] : [];
      case 'response-started':
        if (!event.isAside) return [...this.#items.responseStarted(), event];
        this.#silence(event.responseId, true);
        return [event];
      case 'response-ended':
        return this.#responseEnded(event);
      case 'agent-words':
        return this.#asides.has(event.responseId)
          ? []
          : this.#items.agentWords(event.event, event.responseId);
      case 'audio-ended':
        this.#items.audioEnded(event.itemId);
        return this.#silenced.has(event.responseId) ? [] : [event];
      case 'error':
        return this.#refused(event);
      case 'session-created':
      case 'session-updated':
      case 'audio':
        return [];
      default:
        return [event];
    }
  }

  #responseEnded({ output = [], ...event }: ResponseEnded): readonly VoiceEvent[] {
    const told = output.flatMap((part) =>
      part.type === 'agent-words' && this.#items.isWorded(part.event.itemId) ? [] : this.translate(part),
    );
    if (event.status === 'completed') told.push(...this.#items.responseCompleted(event.responseId));
    if (event.isAside || event.status === 'cancelled') this.#silence(event.responseId, event.isAside);
    const meaning = event.status === 'failed' ? meaningOfError(event.failure ?? '') : undefined;
    if (meaning?.isFatal !== true) return [...told, event];
    return [
      ...told,
      event,
      { type: 'problem', code: meaning.code, message: meaning.sentence ?? '', isFatal: true },
    ];
  }

  #refused(error: ServerError): readonly VoiceEvent[] {
    const meaning = meaningOfError(error.code);
    if (meaning.effect === 'harmless') return [];
    const told: VoiceEvent[] = [];
    const requestId = this.#refusedRequest(error, meaning.effect === 'response-refused');
    // Whatever the reason, no response will come of a request that the error names: its slot is free again.
    if (requestId !== undefined) told.push({ type: 'response-refused', requestId });
    if (meaning.effect === 'problem') {
      const message = meaning.sentence ?? `OpenAI refused a message: ${error.message}`;
      told.push({ type: 'problem', code: meaning.code, message, isFatal: meaning.isFatal });
    }
    return told;
  }

  #refusedRequest(error: ServerError, isAboutResponse: boolean): string | undefined {
    if (error.cause !== undefined) return requestIdOf(error.cause);
    return isAboutResponse ? this.#lastRequestId : undefined;
  }

  #silence(responseId: string, isAside: boolean): void {
    this.#silenced.add(responseId);
    if (isAside) this.#asides.add(responseId);
  }
}

function isNew(known: Set<string>, id: string): boolean {
  if (known.has(id)) return false;
  known.add(id);
  return true;
}

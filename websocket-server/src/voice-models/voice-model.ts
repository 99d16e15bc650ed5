import type { VoiceUsage } from '../call/cost.ts';
import type { Chunk } from '../lib/chunk.ts';

/** A speech model that holds a conversation. An implementation owns its wire. */
export interface VoiceModel {
  readonly name: string;
  readonly capabilities: VoiceCapabilities;
  /**
   * Opens a session and configures it. Resolves when the model has confirmed the settings it was given,
   * so that no audio ever meets a default format.
   *
   * @throws VoiceModelFailed when it cannot be opened, refuses the settings, or takes longer than `openTimeoutMs`
   */
  open(settings: VoiceSettings, listener: VoiceListener): Promise<VoiceSession>;
}

/** What a model can do; a session copes with what it cannot. */
export interface VoiceCapabilities {
  readonly reportsSpeech: boolean;
  readonly truncates: boolean;
  /** Instructions and tools can be changed in an open session. */
  readonly reconfigures: boolean;
}

export interface VoiceSettings {
  readonly instructions: string;
  /** null for the configured voice. */
  readonly voice: string | null;
  /** BCP 47; null when the person decides. */
  readonly language: string | null;
  /** Another model of the same vendor than the configured one. */
  readonly model?: string | null | undefined;
  readonly tools: readonly VoiceTool[];
}

export interface VoiceTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface VoiceSession {
  readonly sessionId: string;
  readonly model: string;
  /** When the model will end it, ms since 1970 by the model's clock; null where it does not tell. */
  readonly expiresAt: number | null;
  /** Bytes handed to the model that its socket has not taken yet. */
  readonly backlogBytes: number;
  append(chunk: Chunk): void;
  requestResponse(request: ResponseRequest): void;
  cancelResponse(responseId: string | undefined): void;
  /** Cuts an item to what was heard. @param heardMs whole ms, never beyond what was sent */
  truncate(itemId: string, heardMs: number): void;
  deleteItem(itemId: string): void;
  /** Adds words that were not spoken in this session: pressed keys, a hint of the owner, what was said before it. */
  addText(role: 'person' | 'agent' | 'system', text: string): void;
  answerTool(toolCallId: string, output: string): void;
  /** Goes on under other instructions and with other tools, where the model can. */
  reconfigure(settings: Pick<VoiceSettings, 'instructions' | 'tools'>): void;
  close(): void;
}

export interface ResponseRequest {
  /** Comes back in `response-refused`. */
  readonly requestId: string;
  /** For this response only, added to the session's. */
  readonly instructions?: string | undefined;
  /** Asked on the side: not spoken, not part of the conversation. */
  readonly aside?: { readonly tool: string } | undefined;
}

/** What a voice session tells. Audio comes apart, on `audio`, and is never boxed into an event. */
export interface VoiceListener {
  audio(itemId: string, responseId: string, chunk: Chunk): void;
  event(event: VoiceEvent): void;
}

export type VoiceEvent =
  | { readonly type: 'speech-started'; readonly itemId: string }
  | { readonly type: 'speech-stopped'; readonly itemId: string }
  /** An item took its place in the conversation. */
  | {
      readonly type: 'item-added';
      readonly itemId: string;
      readonly afterItemId: string | null;
      readonly speaker: 'person' | 'agent' | 'other';
    }
  | { readonly type: 'person-words-growing'; readonly itemId: string; readonly delta: string }
  /** `text` undefined: the words could not be made out. */
  | { readonly type: 'person-words-settled'; readonly itemId: string; readonly text: string | undefined }
  | { readonly type: 'agent-words-growing'; readonly itemId: string; readonly delta: string }
  | { readonly type: 'agent-words-settled'; readonly itemId: string; readonly text: string }
  | { readonly type: 'audio-ended'; readonly itemId: string; readonly responseId: string }
  | {
      readonly type: 'tool-called';
      readonly toolCallId: string;
      readonly responseId: string;
      readonly name: string;
      readonly arguments: string;
    }
  | { readonly type: 'response-started'; readonly responseId: string; readonly isAside: boolean }
  | {
      readonly type: 'response-ended';
      readonly responseId: string;
      readonly isAside: boolean;
      readonly status: 'completed' | 'cancelled' | 'failed' | 'incomplete';
      /** The vendor's code of a failure, for the log. */
      readonly failure: string | undefined;
    }
  /** A response could not start because another is active. */
  | { readonly type: 'response-refused'; readonly requestId: string }
  /** What a response, or writing down a turn, has used up. */
  | { readonly type: 'usage'; readonly usage: VoiceUsage }
  | { readonly type: 'problem'; readonly code: string; readonly message: string; readonly isFatal: boolean }
  | { readonly type: 'closed'; readonly message: string };

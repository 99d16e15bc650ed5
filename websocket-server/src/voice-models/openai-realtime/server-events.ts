import type { VoiceEvent } from '../voice-model.ts';
import { audioDeltaType, wordsDeltaType } from './delta-reader.ts';
import { asideKey } from './client-events.ts';
import { objectIn, objectsIn, textIn, type JsonObject } from './json.ts';
import { withoutSecrets } from './refusals.ts';

/**
 * What the model says, past its wire. Most are events of the port already; the others need something that only
 * the voice session remembers.
 */
export type ServerEvent =
  | Extract<
      VoiceEvent,
      {
        readonly type:
          | 'speech-started'
          | 'speech-stopped'
          | 'item-added'
          | 'person-words-growing'
          | 'person-words-settled'
          | 'audio-ended'
          | 'tool-called'
          | 'response-started';
      }
    >
  | (Extract<VoiceEvent, { readonly type: 'response-ended' }> & {
      /** What a completed one brought, once more and in one piece; absent when that is nothing of interest. */
      readonly output?: readonly OutputPart[];
    })
  | { readonly type: 'session-created' | 'session-updated'; readonly session: JsonObject }
  /** Audio that came in a form too odd for the fast path. */
  | { readonly type: 'audio'; readonly itemId: string; readonly responseId: string; readonly base64: string }
  | AgentWords
  | ServerError;

interface AgentWords {
  readonly type: 'agent-words';
  readonly responseId: string;
  readonly event: Extract<VoiceEvent, { readonly type: 'agent-words-growing' | 'agent-words-settled' }>;
}

type ToolCalled = Extract<VoiceEvent, { readonly type: 'tool-called' }>;
type OutputPart = AgentWords | ToolCalled;

export interface ServerError {
  readonly type: 'error';
  /** The vendor's code, or its kind of error where it gives no code. */
  readonly code: string;
  readonly message: string;
  /** The `event_id` of our message that caused it. */
  readonly cause: string | undefined;
}

/**
 * @param message a parsed message
 * @returns undefined for a type that means nothing to us, and for one that lacks what makes it meaningful
 */
export function serverEvent(message: JsonObject): ServerEvent | undefined {
  const type = textIn(message, 'type');
  return type === undefined ? undefined : readers.get(type)?.(message);
}

/** Whether messages of this type may mean something to us: others need not be parsed. */
export function isReadType(type: string): boolean {
  return readers.has(type);
}

type Reader = (message: JsonObject) => ServerEvent | undefined;

/** By `type` (OpenAI Realtime reference, server events). */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['session.created', (message) => ({ type: 'session-created', session: objectIn(message, 'session') })],
  ['session.updated', (message) => ({ type: 'session-updated', session: objectIn(message, 'session') })],
  ['input_audio_buffer.speech_started', (message) => speech('speech-started', message)],
  ['input_audio_buffer.speech_stopped', (message) => speech('speech-stopped', message)],
  ['input_audio_buffer.committed', committed],
  ['conversation.item.added', itemAdded],
  // The same under the name that endpoints compatible with an earlier shape still use.
  ['conversation.item.created', itemAdded],
  ['conversation.item.input_audio_transcription.delta', personWordsGrowing],
  ['conversation.item.input_audio_transcription.completed', personWordsSettled],
  ['conversation.item.input_audio_transcription.failed', personWordsFailed],
  ['response.created', responseStarted],
  ['response.done', responseEnded],
  ['response.output_item.done', outputItemDone],
  ['response.function_call_arguments.done', toolArgumentsDone],
  [audioDeltaType, audio],
  ['response.output_audio.done', audioEnded],
  [wordsDeltaType, agentWordsGrowing],
  ['response.output_audio_transcript.done', agentWordsSettled],
  // The agent's speech under its earlier names, likewise.
  ['response.audio.delta', audio],
  ['response.audio.done', audioEnded],
  ['response.audio_transcript.delta', agentWordsGrowing],
  ['response.audio_transcript.done', agentWordsSettled],
  ['error', serverError],
]);

function speech(type: 'speech-started' | 'speech-stopped', message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  return itemId === undefined ? undefined : { type, itemId };
}

function committed(message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  if (itemId === undefined) return undefined;
  const afterItemId = textIn(message, 'previous_item_id') ?? null;
  return { type: 'item-added', itemId, afterItemId, speaker: 'person' };
}

function itemAdded(message: JsonObject): ServerEvent | undefined {
  const item = objectIn(message, 'item');
  const itemId = textIn(item, 'id');
  if (itemId === undefined) return undefined;
  const afterItemId = textIn(message, 'previous_item_id') ?? null;
  return { type: 'item-added', itemId, afterItemId, speaker: speakerOf(item) };
}

/** Text under the person's name was typed or pressed, so nobody spoke it; spoken items hold audio, or nothing yet. */
function speakerOf(item: JsonObject): 'person' | 'agent' | 'other' {
  if (textIn(item, 'type') !== 'message') return 'other';
  const role = textIn(item, 'role');
  if (role === 'assistant') return 'agent';
  const isWritten = objectsIn(item, 'content').some((part) => textIn(part, 'type') === 'input_text');
  return role === 'user' && !isWritten ? 'person' : 'other';
}

function personWordsGrowing(message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  const delta = textIn(message, 'delta');
  if (itemId === undefined || delta === undefined) return undefined;
  return { type: 'person-words-growing', itemId, delta };
}

function personWordsSettled(message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  if (itemId === undefined) return undefined;
  return { type: 'person-words-settled', itemId, text: textIn(message, 'transcript') };
}

function personWordsFailed(message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  return itemId === undefined ? undefined : { type: 'person-words-settled', itemId, text: undefined };
}

function responseStarted(message: JsonObject): ServerEvent | undefined {
  const response = objectIn(message, 'response');
  const responseId = textIn(response, 'id');
  if (responseId === undefined) return undefined;
  return { type: 'response-started', responseId, isAside: isAside(response) };
}

function responseEnded(message: JsonObject): ServerEvent | undefined {
  const response = objectIn(message, 'response');
  const responseId = textIn(response, 'id');
  if (responseId === undefined) return undefined;
  const status = endStatuses.get(textIn(response, 'status') ?? '') ?? 'completed';
  const details = objectIn(response, 'status_details');
  const error = objectIn(details, 'error');
  const failure =
    status === 'failed' || status === 'incomplete'
      ? (textIn(error, 'code') ?? textIn(error, 'type') ?? textIn(details, 'reason') ?? 'unknown')
      : undefined;
  const ended = {
    type: 'response-ended',
    responseId,
    isAside: isAside(response),
    status,
    failure,
  } as const;
  const output = status === 'completed' ? outputIn(response, responseId) : [];
  return output.length === 0 ? ended : { ...ended, output };
}

/** OpenAI tells each item apart as well; some clients' guides, and endpoints after them, go by this list alone. */
function outputIn(response: JsonObject, responseId: string): readonly OutputPart[] {
  return objectsIn(response, 'output').flatMap<OutputPart>((item) => {
    const call = toolCallIn(item, responseId);
    if (call !== undefined) return [call];
    const itemId = textIn(item, 'id');
    const spoken = objectsIn(item, 'content').flatMap((part) => textIn(part, 'transcript') ?? []);
    if (itemId === undefined || spoken.length === 0) return [];
    const event = { type: 'agent-words-settled', itemId, text: spoken.join(' ') } as const;
    return [{ type: 'agent-words', responseId, event }];
  });
}

const endStatuses = new Map(
  (['completed', 'cancelled', 'failed', 'incomplete'] as const).map((status) => [status as string, status]),
);

function isAside(response: JsonObject): boolean {
  return textIn(objectIn(response, 'metadata'), asideKey) !== undefined;
}

/** A call is also "done" when its response was interrupted while writing it; it is then `incomplete`. */
function outputItemDone(message: JsonObject): ServerEvent | undefined {
  return toolCallIn(objectIn(message, 'item'), textIn(message, 'response_id'));
}

function toolCallIn(item: JsonObject, responseId: string | undefined): ToolCalled | undefined {
  if (textIn(item, 'type') !== 'function_call' || textIn(item, 'status') === 'incomplete') return undefined;
  return toolCalled(responseId, item);
}

/** Also sent for an interrupted call, and without saying so: then the arguments break off and do not parse. */
function toolArgumentsDone(message: JsonObject): ServerEvent | undefined {
  try {
    JSON.parse(textIn(message, 'arguments') ?? '');
  } catch {
    return undefined;
  }
  return toolCalled(textIn(message, 'response_id'), message);
}

function toolCalled(responseId: string | undefined, call: JsonObject): ToolCalled | undefined {
  const toolCallId = textIn(call, 'call_id');
  const name = textIn(call, 'name');
  const given = textIn(call, 'arguments');
  if (responseId === undefined || toolCallId === undefined || name === undefined || given === undefined) {
    return undefined;
  }
  return { type: 'tool-called', toolCallId, responseId, name, arguments: given };
}

function audio(message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  const responseId = textIn(message, 'response_id');
  const base64 = textIn(message, 'delta');
  if (itemId === undefined || responseId === undefined || base64 === undefined) return undefined;
  return { type: 'audio', itemId, responseId, base64 };
}

function audioEnded(message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  const responseId = textIn(message, 'response_id');
  if (itemId === undefined || responseId === undefined) return undefined;
  return { type: 'audio-ended', itemId, responseId };
}

function agentWordsGrowing(message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  const responseId = textIn(message, 'response_id');
  const delta = textIn(message, 'delta');
  if (itemId === undefined || responseId === undefined || delta === undefined) return undefined;
  return { type: 'agent-words', responseId, event: { type: 'agent-words-growing', itemId, delta } };
}

function agentWordsSettled(message: JsonObject): ServerEvent | undefined {
  const itemId = textIn(message, 'item_id');
  const responseId = textIn(message, 'response_id');
  const text = textIn(message, 'transcript');
  if (itemId === undefined || responseId === undefined || text === undefined) return undefined;
  return { type: 'agent-words', responseId, event: { type: 'agent-words-settled', itemId, text } };
}

function serverError(message: JsonObject): ServerEvent {
  const error = objectIn(message, 'error');
  return {
    type: 'error',
    code: textIn(error, 'code') ?? textIn(error, 'type') ?? 'unknown',
    message: withoutSecrets(textIn(error, 'message') ?? 'no reason given'),
    cause: textIn(error, 'event_id'),
  };
}

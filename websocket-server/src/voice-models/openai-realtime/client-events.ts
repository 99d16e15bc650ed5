import type { ResponseRequest, VoiceSettings } from '../voice-model.ts';
import { functionTool, type SessionConfig } from './session-config.ts';

/**
 * What we say to the model. Each message but audio carries an `event_id` of ours, which an `error` gives back:
 * the only link from a refusal to its cause (OpenAI Realtime reference, client events).
 */

export function sessionUpdate(eventId: string, session: SessionConfig) {
  return { event_id: eventId, type: 'session.update', session } as const;
}

/** Fields that are left out stay as they are; audio formats and the voice are not touched in mid-call. */
export function sessionReconfigure(
  eventId: string,
  { instructions, tools }: Pick<VoiceSettings, 'instructions' | 'tools'>,
) {
  const session = { type: 'realtime', instructions, tools: tools.map(functionTool) } as const;
  return { event_id: eventId, type: 'session.update', session } as const;
}

export function responseCancel(eventId: string, responseId: string | undefined) {
  return {
    event_id: eventId,
    type: 'response.cancel',
    ...(responseId === undefined ? {} : { response_id: responseId }),
  } as const;
}

/** @param heardMs brought to what the wire takes: a whole number, not negative */
export function itemTruncate(eventId: string, itemId: string, heardMs: number) {
  return {
    event_id: eventId,
    type: 'conversation.item.truncate',
    item_id: itemId,
    content_index: 0,
    audio_end_ms: heardMs > 0 ? Math.floor(heardMs) : 0,
  } as const;
}

export function itemDelete(eventId: string, itemId: string) {
  return { event_id: eventId, type: 'conversation.item.delete', item_id: itemId } as const;
}

/** Words of the agent come back as text only: a client cannot create audio of an assistant. */
export function textItemCreate(eventId: string, role: 'person' | 'agent' | 'system', text: string) {
  const item =
    role === 'agent'
      ? ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] } as const)
      : ({
          type: 'message',
          role: role === 'person' ? 'user' : 'system',
          content: [{ type: 'input_text', text }],
        } as const);
  return { event_id: eventId, type: 'conversation.item.create', item } as const;
}

/** @param output reaches the model as it stands */
export function toolOutputCreate(eventId: string, toolCallId: string, output: string) {
  return {
    event_id: eventId,
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: toolCallId, output },
  } as const;
}

/**
 * A response's instructions replace those of the session, so the session's are repeated before the extra ones.
 * A response on the side has `conversation: "none"` and no `input`: it reads the whole conversation and adds
 * nothing to it. Its `metadata` come back in its events and tell it apart.
 */
export function responseCreate(request: ResponseRequest, settings: VoiceSettings) {
  const instructions =
    request.instructions === undefined
      ? {}
      : { instructions: `${settings.instructions}\n\n${request.instructions}` };
  const aside =
    request.aside === undefined ? {} : asideParameters(request.requestId, request.aside.tool, settings);
  const response = { ...instructions, ...aside };
  return {
    event_id: requestPrefix + request.requestId,
    type: 'response.create',
    ...(Object.keys(response).length === 0 ? {} : { response }),
  } as const;
}

function asideParameters(requestId: string, toolName: string, settings: VoiceSettings) {
  const tool = settings.tools.find(({ name }) => name === toolName);
  return {
    conversation: 'none',
    output_modalities: ['text'],
    metadata: { [asideKey]: requestId },
    ...(tool === undefined ? {} : { tools: [functionTool(tool)] }),
    tool_choice: { type: 'function', name: toolName },
  } as const;
}

/** Only responses on the side carry this key in their metadata. */
export const asideKey = 'request_id';

const requestPrefix = 'response:';

/** The request that an `event_id` belongs to; undefined when it is not a request for a response. */
export function requestIdOf(eventId: string): string | undefined {
  return eventId.startsWith(requestPrefix) ? eventId.slice(requestPrefix.length) : undefined;
}

/** What stands around a chunk's base64. Audio needs no `event_id`: it is never refused. */
export const appendStart = Buffer.from('{"type":"input_audio_buffer.append","audio":"');
export const appendEnd = Buffer.from('"}');

import type { Conversation, Entry } from './conversation.ts';
import type { Situation, Turn } from './dialogue.ts';
import { draftedEntry } from './item-drafts.ts';
import { speechVoiceOf } from './speech-voice.ts';
import { refusal } from './wire.ts';
import type { Problem, ResponseRequest, SessionSettings } from './wire.ts';

/**
 * What a response reads: the whole conversation, or the `input` that its request names instead.
 *
 * @param newId makes the ids that inline items leave out
 */
export function entriesRead(
  request: ResponseRequest,
  conversation: Conversation,
  newId: (prefix: string) => string,
): readonly Entry[] | Problem {
  if (!request.input) return [...conversation.entries];
  const entries: Entry[] = [];
  for (const [i, draft] of request.input.entries()) {
    if (draft.type === 'item_reference') {
      const entry = conversation.find(draft.id);
      if (!entry) {
        const message = `Item with item_id not found: ${draft.id}.`;
        return refusal('invalid_value', message, `response.input[${i}].id`);
      }
      entries.push(entry);
      continue;
    }
    const entry = draftedEntry(draft, conversation, newId);
    if ('code' in entry) return entry;
    entries.push(entry);
  }
  return entries;
}

/** @param soundsPending heard since the last turn of the person */
export function situationOf(
  settings: SessionSettings,
  request: ResponseRequest,
  entries: readonly Entry[],
  soundsPending: readonly string[],
): Situation {
  const choice = request.tool_choice ?? settings.tool_choice;
  const tools = request.tools ?? settings.tools;
  const pending: readonly Turn[] =
    soundsPending.length > 0 ? [{ by: 'person', text: '', sounds: soundsPending }] : [];
  return {
    instructions: settings.instructions,
    ...(request.instructions === undefined ? {} : { responseInstructions: request.instructions }),
    tools: tools.flatMap((tool) => (tool.type === 'function' ? [tool.name] : [])),
    toolChoice: typeof choice === 'string' ? choice : { name: choice.name ?? '' },
    isSideQuestion: request.conversation === 'none',
    dialogue: [...entries.map(({ turn }) => turn), ...pending],
  };
}

/** How a response is made: what its request says, else what the session says. */
export function responseSettings(settings: SessionSettings, request: ResponseRequest) {
  const { output } = settings.audio;
  return {
    instructions:
      (request.instructions ?? settings.instructions) + JSON.stringify(request.tools ?? settings.tools),
    modality: request.output_modalities?.[0] ?? settings.output_modalities[0] ?? 'audio',
    format: request.audio?.output?.format ?? output.format,
    voice: output.voice,
    speechVoice: speechVoiceOf(output.voice),
    maxOutputTokens: request.max_output_tokens ?? settings.max_output_tokens,
    metadata: request.metadata ?? null,
  } as const;
}

import type { Conversation, Entry } from './conversation.ts';
import type { Turn } from './dialogue.ts';
import { refusal } from './wire.ts';
import type { Item, ItemDraft, Problem } from './wire.ts';

const longestId = 32;

/**
 * Makes a conversation item of what a client wrote.
 *
 * @param newId makes the ids that the client left out
 * @returns the entry, not yet added, or why the item is refused
 */
export function draftedEntry(
  draft: ItemDraft,
  conversation: Conversation,
  newId: (prefix: string) => string,
): Entry | Problem {
  if ('id' in draft && draft.id !== undefined) {
    if (draft.id.length > longestId) {
      const message = `Invalid 'item.id': string too long. Expected a string with maximum length ${longestId}.`;
      return refusal('string_above_max_length', message, 'item.id');
    }
    if (conversation.find(draft.id)) {
      const message = `Error adding item: an item with id '${draft.id}' already exists.`;
      return refusal('item_create_duplicate_item_id', message, 'item.id');
    }
  }
  const shared = { object: 'realtime.item', status: 'completed' } as const;
  switch (draft.type) {
    case 'message': {
      const wanted = contentTypes[draft.role];
      const wrong = draft.content.find(({ type }) => !wanted.includes(type));
      if (wrong || draft.content.length === 0) {
        const message = `Invalid value: '${wrong?.type ?? ''}'. Supported values are: ${wanted.map((type) => `'${type}'`).join(', ')}.`;
        return refusal('invalid_value', message, 'item.content[0].type');
      }
      const item: Item = { ...draft, ...shared, id: draft.id ?? newId('item') };
      return { item, turn: messageTurn(draft), audioMs: 0 };
    }
    case 'function_call': {
      const item: Item = {
        ...draft,
        ...shared,
        id: draft.id ?? newId('item'),
        call_id: draft.call_id ?? newId('call'),
      };
      return { item, turn: { by: 'tool-call', name: draft.name, arguments: draft.arguments }, audioMs: 0 };
    }
    case 'function_call_output': {
      const name = conversation.toolCalled(draft.call_id);
      if (name === undefined) {
        const message = `Tool call ID '${draft.call_id}' not found in conversation.`;
        return refusal('invalid_tool_call_id', message, 'item.call_id');
      }
      const item: Item = { ...draft, ...shared, id: draft.id ?? newId('item') };
      return { item, turn: { by: 'tool-result', name, output: draft.output }, audioMs: 0 };
    }
    default:
      return refusal(
        'invalid_value',
        `The simulated voice model has no items of type '${draft.type}'.`,
        'item.type',
      );
  }
}

/** An assistant's audio cannot be created by a client, only its text. */
const contentTypes: Readonly<Record<'system' | 'user' | 'assistant', readonly string[]>> = {
  system: ['input_text'],
  user: ['input_text', 'input_audio', 'input_image'],
  assistant: ['output_text'],
};

function messageTurn(draft: Extract<ItemDraft, { type: 'message' }>): Turn {
  const text = draft.content.map((part) => part.text ?? part.transcript ?? '').join(' ');
  switch (draft.role) {
    case 'user':
      return { by: 'person', text, sounds: [] };
    case 'assistant':
      return { by: 'agent', text, isCut: false };
    case 'system':
      return { by: 'client', text };
  }
}

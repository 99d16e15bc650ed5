import type { Conversation, Entry } from './conversation.ts';
import { draftedEntry } from './item-drafts.ts';
import { refusal } from './wire.ts';
import type { ClientEvent, Problem, ServerEvent } from './wire.ts';

type ItemEvent = Extract<ClientEvent, { type: `conversation.item.${string}` }>;
type TruncateEvent = Extract<ItemEvent, { type: 'conversation.item.truncate' }>;
type CreateEvent = Extract<ItemEvent, { type: 'conversation.item.create' }>;

/**
 * Carries out what a client wants with the items of a conversation.
 *
 * @param newId makes the ids that the client left out
 * @returns the events to answer with, or why nothing was changed
 */
export function changedItems(
  event: ItemEvent,
  conversation: Conversation,
  newId: (prefix: string) => string,
): readonly ServerEvent[] | Problem {
  switch (event.type) {
    case 'conversation.item.create':
      return created(event, conversation, newId);
    case 'conversation.item.retrieve': {
      const item = conversation.find(event.item_id)?.item;
      return item ? [{ type: 'conversation.item.retrieved', item }] : noSuchItem('retrieve', event.item_id);
    }
    case 'conversation.item.delete': {
      const { item_id } = event;
      if (!conversation.remove(item_id)) return noSuchItem('delete', item_id);
      return [{ type: 'conversation.item.deleted', item_id }];
    }
    case 'conversation.item.truncate':
      return truncated(event, conversation);
  }
}

/** @returns how a new item is told of */
export function itemTold({ item }: Entry, previousItemId: string | null): readonly ServerEvent[] {
  const told = { previous_item_id: previousItemId, item };
  return [
    { type: 'conversation.item.added', ...told },
    { type: 'conversation.item.done', ...told },
  ];
}

function created(
  { previous_item_id: after, item: draft }: CreateEvent,
  conversation: Conversation,
  newId: (prefix: string) => string,
): readonly ServerEvent[] | Problem {
  if (after !== undefined && after !== 'root' && !conversation.find(after)) {
    const message = `Error adding item: the previous item with id '${after}' does not exist.`;
    return refusal('item_create_invalid_previous_item_id', message, 'previous_item_id');
  }
  const entry = draftedEntry(draft, conversation, newId);
  return 'code' in entry ? entry : itemTold(entry, conversation.add(entry, after));
}

function truncated(event: TruncateEvent, conversation: Conversation): readonly ServerEvent[] | Problem {
  const { item_id, content_index, audio_end_ms } = event;
  const entry = conversation.find(item_id);
  if (!entry?.item) return noSuchItem('truncate', item_id);
  const { item } = entry;
  const isSpoken =
    item.type === 'message' &&
    item.role === 'assistant' &&
    item.content.every(({ type }) => type !== 'output_text');
  if (!isSpoken)
    return refusal('invalid_value', 'Only model output audio messages can be truncated', 'item_id');
  if (content_index !== 0) {
    return refusal('invalid_value', `Content index ${content_index} does not exist.`, 'content_index');
  }
  if (audio_end_ms < 0) {
    return refusal('invalid_value', "Invalid 'audio_end_ms': expected 0 or more.", 'audio_end_ms');
  }
  if (audio_end_ms > entry.audioMs) {
    const message = `Audio content of ${entry.audioMs}ms is already shorter than ${audio_end_ms}ms`;
    return refusal('invalid_value', message, 'audio_end_ms');
  }
  conversation.truncate(entry, audio_end_ms);
  return [{ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms }];
}

function noSuchItem(action: 'retrieve' | 'delete' | 'truncate', itemId: string): Problem {
  const message = `Error: could not ${action} the item with id '${itemId}': it does not exist.`;
  return refusal(`item_${action}_invalid_item_id`, message, 'item_id');
}

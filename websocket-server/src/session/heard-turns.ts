import type { WordsSoFar } from '../call/words-so-far.ts';
import type { Command, Conversation, Step } from './conversation-state.ts';
import { followedBy, step } from './conversation-state.ts';
import { cut, hasUnheard, settled } from './playback.ts';
import type { CutItem } from './playback.ts';
import * as turns from './turns.ts';
import type { TurnsStep } from './turns.ts';

/** Length of speech per letter, to guess an item's length from its words while audio is still coming. */
export const msPerLetter = 60;

/** Drops what is sent and unheard, and makes everyone remember only what was heard. */
export function dropPlayback(state: Conversation, now: number, isBargeIn: boolean): Step {
  const dropped = cut(state.playback, now);
  const [first] = dropped.items;
  if (first === undefined) return step(state);
  const commands: Command[] = [{ type: 'clear-carrier' }];
  if (isBargeIn) {
    commands.push({
      type: 'record',
      happening: { type: 'barge-in', turnId: first.itemId, heardMs: first.heardMs },
    });
  }
  for (const { itemId, heardMs } of dropped.items) {
    if (heardMs > 0) commands.push({ type: 'truncate-item', itemId, heardMs });
    else commands.push({ type: 'delete-item', itemId });
  }
  return dropped.items.reduce<Step>(
    (before, item) =>
      followedBy(before, (next) =>
        fromTurns(next, turns.turnEnded(next.turns, item.itemId, heardShare(next, item))),
      ),
    step({ ...state, playback: dropped.playback }, ...commands),
  );
}

/** How much of an item's words was heard: its words may have come ahead of its audio. */
function heardShare(state: Conversation, item: CutItem): number {
  const turn = state.turns.open.get(item.itemId);
  const wholeMs = turn === undefined || turn.isAudioEnded ? 0 : turn.text.length * msPerLetter;
  return Math.min(0.999, item.heardMs / Math.max(item.sentMs, wholeMs));
}

/** The words so far of each turn that is being spoken; of the agent's, what was heard by now. */
export function wordsSoFar(state: Conversation, now: number): readonly WordsSoFar[] {
  if (state.turns.open.size === 0) return [];
  const { items: playing } = cut(state.playback, now);
  const words: WordsSoFar[] = [];
  for (const [turnId, { speaker, text }] of state.turns.open) {
    const isSame = ({ itemId }: CutItem) => itemId === turnId;
    const item = playing.find(isSame) ?? state.playback.items.find(isSame);
    const heard = item === undefined ? '' : turns.cutText(text, heardShare(state, item));
    const soFar = speaker === 'person' ? text.trim() : heard;
    if (soFar !== '') words.push({ turnId, text: soFar });
  }
  return words;
}

/** Ends each turn of the agent whose words and audio are complete and heard. */
export function settleHeard(state: Conversation): Step {
  let next = step(state);
  for (const [itemId, turn] of state.turns.open) {
    if (turn.speaker !== 'agent' || !turn.isComplete || !turn.isAudioEnded) continue;
    if (hasUnheard(state.playback, itemId)) continue;
    next = followedBy(next, (now) =>
      followedBy(fromTurns(now, turns.turnEnded(now.turns, itemId)), (after) =>
        step({ ...after, playback: settled(after.playback, itemId) }),
      ),
    );
  }
  return next;
}

/** @param shareOf how much of an item was heard; undefined to leave its turn open */
export function endAgentTurns(state: Conversation, shareOf: (itemId: string) => number | undefined): Step {
  let next = step(state);
  for (const [itemId, turn] of state.turns.open) {
    const share = turn.speaker === 'agent' ? shareOf(itemId) : undefined;
    if (share === undefined) continue;
    next = followedBy(next, (now) => fromTurns(now, turns.turnEnded(now.turns, itemId, share)));
  }
  return next;
}

export function fromTurns(state: Conversation, { turns: next, happenings }: TurnsStep): Step {
  return step(
    { ...state, turns: next },
    ...happenings.map((happening) => ({ type: 'record', happening }) as const),
  );
}

import type { CallHappening, Speaker } from '../call/call-event.ts';

/**
 * The conversation's items in the model's order, and the words of those that are turns. Transcription comes late
 * and in any order, so a turn's place is fixed when its item is added, its words when they settle.
 */
export interface Turns {
  /** The latest items in conversation order, spoken or not. */
  readonly order: readonly string[];
  readonly open: ReadonlyMap<string, OpenTurn>;
  /** Those of them that are turns. */
  readonly started: ReadonlySet<string>;
}

export interface OpenTurn {
  readonly speaker: Speaker;
  readonly text: string;
  /** The model has given all its words. */
  readonly isComplete: boolean;
  /** Agent only: all audio of it has been received. */
  readonly isAudioEnded: boolean;
}

/** No item is placed further back than this, so that a turn costs the same however long the talk has been. */
const itemsKept = 64;

export const noTurns: Turns = { order: [], open: new Map(), started: new Set() };

export interface TurnsStep {
  readonly turns: Turns;
  readonly happenings: readonly CallHappening[];
}

/**
 * An item took its place. Only a person's or the agent's own item is a turn.
 *
 * @param lastedMs how long the person had been speaking by then
 */
export function itemAdded(
  turns: Turns,
  itemId: string,
  afterItemId: string | null,
  speaker: Speaker | 'other',
  lastedMs?: number,
): TurnsStep {
  const isKnown = turns.order.includes(itemId);
  const order = isKnown ? turns.order : insertAfter(turns.order, itemId, afterItemId).slice(-itemsKept);
  const { open, started } = turns;
  if (speaker === 'other' || started.has(itemId)) return { turns: { order, open, started }, happenings: [] };
  const afterTurnId = precedingTurn(order, started, itemId);
  return {
    turns: {
      order,
      open: withTurn(open, itemId, { speaker, text: '', isComplete: false, isAudioEnded: false }),
      started: new Set(order.filter((other) => started.has(other) || other === itemId)),
    },
    happenings: [
      {
        type: 'turn-started',
        turnId: itemId,
        speaker,
        afterTurnId,
        ...(lastedMs === undefined ? {} : { lastedMs }),
      },
    ],
  };
}

/** @returns the turns with more words of an open turn; unchanged when it is not open */
export function wordsAdded(turns: Turns, itemId: string, delta: string): Turns {
  return changed(turns, itemId, ({ speaker, text, isComplete, isAudioEnded }) => ({
    speaker,
    text: text + delta,
    isComplete,
    isAudioEnded,
  }));
}

export function wordsCompleted(turns: Turns, itemId: string, text: string): Turns {
  return changed(turns, itemId, (turn) => ({ ...turn, text, isComplete: true }));
}

export function audioEnded(turns: Turns, itemId: string): Turns {
  return changed(turns, itemId, (turn) => ({ ...turn, isAudioEnded: true }));
}

/**
 * Closes a turn.
 *
 * @param heardShare how much of it was heard, 0 to 1; below 1 the words are cut there and marked
 */
export function turnEnded(turns: Turns, itemId: string, heardShare = 1): TurnsStep {
  const turn = turns.open.get(itemId);
  if (turn === undefined) return { turns, happenings: [] };
  const open = new Map(turns.open);
  open.delete(itemId);
  const isInterrupted = heardShare < 1;
  const text = isInterrupted ? cutText(turn.text, heardShare) : turn.text.trim();
  return {
    turns: { order: turns.order, open, started: turns.started },
    happenings: [{ type: 'turn-ended', turnId: itemId, text, isInterrupted: isInterrupted && text !== '' }],
  };
}

/** The last turn that has begun, for what happens between turns. */
export function lastTurnId(turns: Turns): string | null {
  return turns.order.findLast((itemId) => turns.started.has(itemId)) ?? null;
}

/** Persons' turns whose words have not come yet. */
export function unsettledPersonTurns(turns: Turns): readonly string[] {
  return [...turns.open].filter(([, turn]) => turn.speaker === 'person').map(([itemId]) => itemId);
}

/**
 * The first part of a text, in whole words, in proportion to the share of its audio.
 *
 * @param share 0 to 1
 */
export function cutText(text: string, share: number): string {
  const words = text.trim().split(/\s+/u);
  const letters = words.reduce((sum, word) => sum + word.length, 0) * Math.min(1, Math.max(0, share));
  const kept: string[] = [];
  let length = 0;
  for (const word of words) {
    length += word.length;
    if (length > letters + word.length / 2) break;
    kept.push(word);
  }
  return kept.join(' ');
}

function precedingTurn(
  order: readonly string[],
  started: ReadonlySet<string>,
  itemId: string,
): string | null {
  return order.slice(0, order.indexOf(itemId)).findLast((other) => started.has(other)) ?? null;
}

function insertAfter(
  order: readonly string[],
  itemId: string,
  afterItemId: string | null,
): readonly string[] {
  if (afterItemId === null) return order.length === 0 ? [itemId] : [...order, itemId];
  const position = order.indexOf(afterItemId);
  return position === -1 ? [...order, itemId] : order.toSpliced(position + 1, 0, itemId);
}

function withTurn(open: Turns['open'], itemId: string, turn: OpenTurn): Turns['open'] {
  return new Map(open).set(itemId, turn);
}

function changed(turns: Turns, itemId: string, change: (turn: OpenTurn) => OpenTurn): Turns {
  const turn = turns.open.get(itemId);
  if (turn === undefined) return turns;
  return { order: turns.order, open: withTurn(turns.open, itemId, change(turn)), started: turns.started };
}

/**
 * The ledger of what the agent's audio came to: handed to the carrier (sent) and had by the person (heard).
 * Barge-in, the goodbye before hanging up, silence and transcript cutting all read it. Times are ms.
 */
export interface Playback {
  /** Items not wholly heard, in the order sent. */
  readonly items: readonly PlayedItem[];
  /** Marks the carrier still owes, oldest first. Marks dropped by a clear are not here and count for nothing. */
  readonly marks: readonly PlaybackMark[];
  readonly nextMarkNumber: number;
  /** When playing last stood at a known place, on the monotonic clock: a mark came back, or sound began after quiet. */
  readonly anchoredAt: number;
}

export interface PlayedItem {
  readonly itemId: string;
  readonly sentMs: number;
  /** As far as echoed marks prove. */
  readonly heardMs: number;
}

interface PlaybackMark {
  readonly name: string;
  readonly itemId: string;
  /** Position in the item that the mark stands for. */
  readonly endMs: number;
}

export const quietPlayback: Playback = { items: [], marks: [], nextMarkNumber: 1, anchoredAt: 0 };

export function isQuiet(playback: Playback): boolean {
  return playback.marks.length === 0;
}

/** Audio sent and not yet known to be heard. */
export function unheardMs(playback: Playback): number {
  return playback.items.reduce((sum, item) => sum + item.sentMs - item.heardMs, 0);
}

/**
 * Notes a chunk handed to the carrier.
 *
 * @param now monotonic ms
 * @returns the mark to send right behind the chunk
 */
export function sent(
  playback: Playback,
  itemId: string,
  ms: number,
  now: number,
): { readonly playback: Playback; readonly markName: string } {
  const known = playback.items.find((item) => item.itemId === itemId);
  const sentMs = (known?.sentMs ?? 0) + ms;
  const item: PlayedItem = { itemId, sentMs, heardMs: known?.heardMs ?? 0 };
  const markName = String(playback.nextMarkNumber);
  return {
    markName,
    playback: {
      items: known
        ? playback.items.map((other) => (other === known ? item : other))
        : [...playback.items, item],
      marks: [...playback.marks, { name: markName, itemId, endMs: sentMs }],
      nextMarkNumber: playback.nextMarkNumber + 1,
      anchoredAt: isQuiet(playback) ? now : playback.anchoredAt,
    },
  };
}

/**
 * Notes a mark that the carrier echoed. Unknown names, and those that a clear sent back, change nothing.
 *
 * @param now monotonic ms
 */
export function markReached(playback: Playback, name: string, now: number): Playback {
  const position = playback.marks.findIndex((mark) => mark.name === name);
  const reached = playback.marks[position];
  if (reached === undefined) return playback;
  const passed = playback.marks.slice(0, position + 1);
  const items = playback.items.map((item) => {
    const mark = passed.findLast((other) => other.itemId === item.itemId);
    if (mark === undefined) return item;
    return { itemId: item.itemId, sentMs: item.sentMs, heardMs: mark.endMs };
  });
  const marks = playback.marks.slice(position + 1);
  return { items, marks, nextMarkNumber: playback.nextMarkNumber, anchoredAt: now };
}

/** Forgets items whose audio is complete and wholly heard. */
export function settled(playback: Playback, itemId: string): Playback {
  const { marks, nextMarkNumber, anchoredAt } = playback;
  return {
    items: playback.items.filter((item) => item.itemId !== itemId),
    marks,
    nextMarkNumber,
    anchoredAt,
  };
}

export function hasUnheard(playback: Playback, itemId: string): boolean {
  return playback.marks.some((mark) => mark.itemId === itemId);
}

/** What a cut leaves of an item. */
export interface CutItem {
  readonly itemId: string;
  /** Whole ms, never beyond what was sent: the model refuses a longer cut. 0: it had not begun. */
  readonly heardMs: number;
  readonly sentMs: number;
}

/**
 * What the person had heard when everything waiting is dropped now. Between two marks the position is the last
 * echoed mark plus the time since, never beyond the next mark.
 *
 * @param now monotonic ms
 * @returns every item with unheard audio, in order, and the ledger after the cut
 */
export function cut(
  playback: Playback,
  now: number,
): { readonly playback: Playback; readonly items: readonly CutItem[] } {
  const [next] = playback.marks;
  const items = playback.items
    .filter((item) => item.heardMs < item.sentMs)
    .map(({ itemId, sentMs, heardMs }) => {
      const isPlaying = itemId === next?.itemId;
      const position = isPlaying ? Math.min(next.endMs, heardMs + (now - playback.anchoredAt)) : heardMs;
      return { itemId, sentMs, heardMs: Math.floor(Math.min(position, sentMs)) };
    });
  const { nextMarkNumber } = playback;
  return { items, playback: { items: [], marks: [], nextMarkNumber, anchoredAt: now } };
}

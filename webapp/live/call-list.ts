import type { Call } from '../../websocket-server/src/call/call.ts';
import type { CallEvent } from '../../websocket-server/src/call/call-event.ts';
import { foldCall } from '../../websocket-server/src/call/fold-call.ts';
import type { CallPage } from './server-api.ts';

/** The calls known to the page. */
export interface CallList {
  readonly calls: ReadonlyMap<string, Call>;
  /** Where the pages read so far end: undefined before the first, null when there is nothing older. */
  readonly nextCursor: string | null | undefined;
  /** Calls of which the list missed something: to be read again. */
  readonly stale: readonly string[];
}

export const emptyList: CallList = { calls: new Map(), nextCursor: undefined, stale: [] };

/**
 * The list after one more event.
 *
 * @param isNews false while history is told: an old call that no page has shown yet then stays unseen, since
 *               the list would have a hole above it
 */
export function foldList(list: CallList, event: CallEvent, isNews: boolean): CallList {
  const known = list.calls.get(event.callId);
  if (known === undefined) {
    if (!isNews && !isWithinPages(list, event.at)) return list;
    const isFirst = event.type === 'call-requested' || event.type === 'call-arrived';
    return isFirst
      ? withCall(list, foldCall(undefined, event))
      : isNews
        ? withStale(list, event.callId)
        : list;
  }
  if (event.sequence <= known.sequence) return list;
  if (event.sequence > known.sequence + 1) return withStale(list, event.callId);
  return withCall(list, foldCall(known, event));
}

/**
 * The list with a page of calls as the server holds them. What is known newer by its events stays.
 *
 * @param isFirst the page of the newest calls. When so much happened unseen that it does not reach down to the
 *                calls known, the list starts anew from it.
 */
export function addPage(list: CallList, page: CallPage, isFirst: boolean): CallList {
  const isJoined =
    !isFirst || page.nextCursor === null || page.calls.some(({ callId }) => list.calls.has(callId));
  if (list.nextCursor !== undefined && !isJoined) return addPage(emptyList, page, true);
  const calls = new Map(list.calls);
  for (const call of page.calls) {
    const known = calls.get(call.callId);
    if (known === undefined || known.sequence < call.sequence) calls.set(call.callId, call);
  }
  const nextCursor = isFirst && list.nextCursor !== undefined ? list.nextCursor : page.nextCursor;
  return { ...list, calls, nextCursor };
}

/** The list with one call read again. */
export function addReading(list: CallList, call: Call): CallList {
  const known = list.calls.get(call.callId);
  const fresh = known !== undefined && known.sequence >= call.sequence ? list : withCall(list, call);
  return { ...fresh, stale: fresh.stale.filter((callId) => callId !== call.callId) };
}

/** Newest first. */
export function inOrder(list: CallList): readonly Call[] {
  return [...list.calls.values()].sort(
    (a, b) => b.requestedAt - a.requestedAt || (a.callId < b.callId ? 1 : -1),
  );
}

function isWithinPages(list: CallList, at: number): boolean {
  if (list.nextCursor === null) return true;
  let oldest = Infinity;
  for (const call of list.calls.values()) oldest = Math.min(oldest, call.requestedAt);
  return at >= oldest;
}

function withCall(list: CallList, call: Call): CallList {
  if (list.calls.get(call.callId) === call) return list;
  return { ...list, calls: new Map(list.calls).set(call.callId, call) };
}

function withStale(list: CallList, callId: string): CallList {
  return list.stale.includes(callId) ? list : { ...list, stale: [...list.stale, callId] };
}

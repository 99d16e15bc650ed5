import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallEvent } from '../../websocket-server/src/call/call-event.ts';
import { addPage, addReading, emptyList, foldList } from './call-list.ts';
import type { CallList } from './call-list.ts';
import { openLiveFeed } from './live-feed.ts';
import type { FeedState } from './live-feed.ts';
import { sentenceOf } from './ask-server.ts';
import { readCall, readCalls } from './server-api.ts';

export interface FollowedCalls {
  readonly list: CallList;
  readonly isLoading: boolean;
  readonly feed: FeedState;
  /** Why the list could not be read; undefined when it could. */
  readonly problem: string | undefined;
  /** Reads one page further down. */
  readonly showEarlier: () => void;
}

const pageSize = 50;

/**
 * Follows all calls while `isShown`, and keeps what it has learnt while it is not.
 *
 * Pages and events may come in any order: each call knows the sequence number of its last event, so that
 * what is told twice is folded once.
 */
export function useCallList(isShown: boolean): FollowedCalls {
  const [list, setList] = useState(emptyList);
  const [feed, setFeed] = useState<FeedState>('connecting');
  const [problem, setProblem] = useState<string>();
  const current = useRef(emptyList);

  const change = useCallback((next: CallList): void => {
    current.current = next;
    setList(next);
  }, []);

  useEffect(() => {
    if (!isShown) return undefined;
    const closing = new AbortController();
    /** Told before the first page was there to fold them into. */
    let early: { readonly event: CallEvent; readonly isNews: boolean }[] = [];
    let isNews = false;

    async function readFirstPage(): Promise<void> {
      try {
        const page = await readCalls(pageSize, null, closing.signal);
        change(addPage(current.current, page, true));
        for (const { event, isNews: wasNews } of early) fold(event, wasNews);
        early = [];
        setProblem(undefined);
      } catch (failure) {
        if (!closing.signal.aborted) setProblem(sentenceOf(failure));
      }
    }

    function fold(event: CallEvent, asNews: boolean): void {
      const before = current.current;
      if (before.nextCursor === undefined) {
        early.push({ event, isNews: asNews });
        return;
      }
      const next = foldList(before, event, asNews);
      if (next === before) return;
      change(next);
      for (const callId of next.stale) if (!before.stale.includes(callId)) void readAgain(callId);
    }

    async function readAgain(callId: string): Promise<void> {
      try {
        const { call } = await readCall(callId, closing.signal);
        change(addReading(current.current, call));
      } catch {
        // Its next event asks again.
        change({ ...current.current, stale: current.current.stale.filter((stale) => stale !== callId) });
      }
    }

    void readFirstPage();
    let isFirstConnection = true;
    const opened = openLiveFeed(
      {},
      {
        frame(frame) {
          if (frame.type === 'event') fold(frame.event, isNews);
          if (frame.type !== 'caught-up') return;
          isNews = true;
          // A page read before the socket was lost may be old by now.
          if (!isFirstConnection) void readFirstPage();
          isFirstConnection = false;
        },
        state(state) {
          if (state === 'reconnecting') {
            isFirstConnection = false;
            if (current.current.nextCursor === undefined) void readFirstPage();
          }
          setFeed(state);
        },
      },
    );
    return () => {
      closing.abort();
      opened.close();
    };
  }, [isShown, change]);

  const showEarlier = useCallback(() => {
    async function readOn(cursor: string): Promise<void> {
      try {
        const page = await readCalls(pageSize, cursor);
        setProblem(undefined);
        if (current.current.nextCursor === cursor) change(addPage(current.current, page, false));
      } catch (failure) {
        setProblem(sentenceOf(failure));
      }
    }
    const { nextCursor } = current.current;
    if (typeof nextCursor === 'string') void readOn(nextCursor);
  }, [change]);

  return {
    list,
    isLoading: list.nextCursor === undefined && problem === undefined,
    feed,
    problem,
    showEarlier,
  };
}

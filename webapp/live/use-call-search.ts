import { useCallback, useEffect, useRef, useState } from 'react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { sentenceOf } from './ask-server.ts';
import { filterQuery, isNarrowed, isWanted } from './call-filter.ts';
import type { CallFilter } from './call-filter.ts';
import { inOrder } from './call-list.ts';
import type { CallList } from './call-list.ts';
import { readCalls } from './server-api.ts';

export interface FoundCalls {
  /** Newest first. */
  readonly calls: readonly Call[];
  readonly isLoading: boolean;
  readonly problem: string | undefined;
  /** There are older calls that have not been looked at. */
  readonly hasMore: boolean;
  readonly lookFurther: () => void;
}

interface Pages {
  readonly filter: CallFilter | undefined;
  readonly calls: readonly Call[];
  readonly nextCursor: string | null;
  /** More is on its way without anybody asking for it. */
  readonly isLooking: boolean;
}

const pageSize = 50;
const typingPauseMs = 250;
/** One search of the server's looks at 20,000 calls: rare words are looked for in so many of those by itself. */
const mostLooks = 25;
export const searchedByItself = mostLooks * 20_000;
const nothingYet: Pages = { filter: undefined, calls: [], nextCursor: null, isLooking: false };

/**
 * The calls that a filter lets through: those that the server finds, and those that the live list knows, which
 * moves on by itself.
 */
export function useCallSearch(filter: CallFilter, list: CallList): FoundCalls {
  const [pages, setPages] = useState(nothingYet);
  const [problem, setProblem] = useState<string>();
  const asking = useRef<AbortController>(undefined);

  /** Looks on from where the last look ended, until there is a page more to show. */
  const look = useCallback(async (from: Pages, signal: AbortSignal): Promise<void> => {
    if (from.filter === undefined) return;
    let now = from;
    try {
      for (let looks = 1; looks <= mostLooks; looks += 1) {
        const page = await readCalls(pageSize, now.nextCursor, signal, filterQuery(from.filter));
        const calls = [...now.calls, ...page.calls];
        const isEnough = page.nextCursor === null || calls.length - from.calls.length >= pageSize;
        const isLooking = !isEnough && looks < mostLooks;
        now = { filter: from.filter, calls, nextCursor: page.nextCursor, isLooking };
        setProblem(undefined);
        setPages(now);
        if (!isLooking) return;
      }
    } catch (failure) {
      if (signal.aborted) return;
      setProblem(sentenceOf(failure));
      setPages({ ...now, isLooking: false });
    }
  }, []);

  useEffect(() => {
    setProblem(undefined);
    if (!isNarrowed(filter)) return undefined;
    const closing = new AbortController();
    asking.current = closing;
    const pause = setTimeout(() => void look({ ...nothingYet, filter }, closing.signal), typingPauseMs);
    return () => {
      clearTimeout(pause);
      closing.abort();
    };
  }, [filter, look]);

  const lookFurther = useCallback(() => {
    if (pages.nextCursor === null || pages.isLooking || asking.current === undefined) return;
    setPages({ ...pages, isLooking: true });
    void look(pages, asking.current.signal);
  }, [pages, look]);

  const isFound = pages.filter === filter;
  const known = new Map((isFound ? pages.calls : []).map((call) => [call.callId, call]));
  for (const call of list.calls.values()) known.set(call.callId, call);
  return {
    calls: inOrder({ ...list, calls: known }).filter((call) => isWanted(call, filter)),
    isLoading: problem === undefined && (!isFound || pages.isLooking),
    problem,
    hasMore: isFound && !pages.isLooking && pages.nextCursor !== null,
    lookFurther,
  };
}

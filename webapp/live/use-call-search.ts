import { useCallback, useEffect, useState } from 'react';
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
}

const pageSize = 50;
const typingPauseMs = 250;
const nothingYet: Pages = { filter: undefined, calls: [], nextCursor: null };

/**
 * The calls that a filter lets through: those that the server finds, and those that the live list knows, which
 * moves on by itself.
 */
export function useCallSearch(filter: CallFilter, list: CallList): FoundCalls {
  const [pages, setPages] = useState(nothingYet);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    setProblem(undefined);
    if (!isNarrowed(filter)) return undefined;
    const closing = new AbortController();
    async function look(): Promise<void> {
      try {
        setPages({ filter, ...(await readCalls(pageSize, null, closing.signal, filterQuery(filter))) });
      } catch (failure) {
        if (!closing.signal.aborted) setProblem(sentenceOf(failure));
      }
    }
    const pause = setTimeout(() => void look(), typingPauseMs);
    return () => {
      clearTimeout(pause);
      closing.abort();
    };
  }, [filter]);

  const lookFurther = useCallback(() => {
    async function lookOn({ filter: asked, calls, nextCursor }: Pages): Promise<void> {
      if (asked === undefined || nextCursor === null) return;
      try {
        const page = await readCalls(pageSize, nextCursor, undefined, filterQuery(asked));
        setProblem(undefined);
        setPages((now) =>
          now.filter === asked && now.nextCursor === nextCursor
            ? { filter: asked, calls: [...calls, ...page.calls], nextCursor: page.nextCursor }
            : now,
        );
      } catch (failure) {
        setProblem(sentenceOf(failure));
      }
    }
    void lookOn(pages);
  }, [pages]);

  const isFound = pages.filter === filter;
  const known = new Map((isFound ? pages.calls : []).map((call) => [call.callId, call]));
  for (const call of list.calls.values()) known.set(call.callId, call);
  return {
    calls: inOrder({ ...list, calls: known }).filter((call) => isWanted(call, filter)),
    isLoading: !isFound && problem === undefined,
    problem,
    hasMore: isFound && pages.nextCursor !== null,
    lookFurther,
  };
}

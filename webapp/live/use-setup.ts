import { useCallback, useEffect, useRef, useState } from 'react';
import { sentenceOf } from './ask-server.ts';
import { readSetup } from './setup-api.ts';
import type { SetupReport } from './setup-api.ts';

const pollMs = 400;
const retryMs = 3000;

export interface FollowedSetup {
  /** Undefined until the server has told. */
  readonly report: SetupReport | undefined;
  /** Why the server could not be asked. */
  readonly problem: string | undefined;
  /** Runs the checks anew. */
  readonly runAgain: () => void;
}

/** Runs the checks of the set-up when the page opens, and follows them until all are through. */
export function useSetup(): FollowedSetup {
  const [report, setReport] = useState<SetupReport>();
  const [problem, setProblem] = useState<string>();
  const following = useRef<AbortController>(undefined);

  const follow = useCallback((isFresh: boolean) => {
    following.current?.abort();
    const closing = new AbortController();
    following.current = closing;
    async function look(asksAnew: boolean): Promise<void> {
      let waitMs: number | undefined;
      try {
        const told = await readSetup(asksAnew, closing.signal);
        if (closing.signal.aborted) return;
        setReport(told);
        setProblem(undefined);
        if (told.isRunning) waitMs = pollMs;
      } catch (failure) {
        if (closing.signal.aborted) return;
        setProblem(sentenceOf(failure));
        waitMs = retryMs;
      }
      if (waitMs === undefined) return;
      setTimeout(() => {
        if (!closing.signal.aborted) void look(false);
      }, waitMs);
    }
    void look(isFresh);
  }, []);

  useEffect(() => {
    follow(true);
    return () => following.current?.abort();
  }, [follow]);

  return { report, problem, runAgain: useCallback(() => follow(true), [follow]) };
}

import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { loggedOutEvent, sentenceOf } from './ask-server.ts';
import { logOut, readSession } from './session-api.ts';
import type { PageSession, Scope } from './session-api.ts';

/** Who the page is for the server, and how that ends. */
export interface SessionInPage {
  /** Undefined until the server has told. */
  readonly session: PageSession | undefined;
  /** Why it could not be asked. */
  readonly problem: string | undefined;
  readonly take: (session: PageSession) => void;
  readonly leave: () => void;
}

const retryMs = 2000;

/** Asks the server who this page is, again and again until it answers, and again when a login ends. */
export function useSessionOfServer(): SessionInPage {
  const [session, setSession] = useState<PageSession>();
  const [problem, setProblem] = useState<string>();
  const asking = useRef<AbortController>(undefined);

  const ask = useCallback(() => {
    asking.current?.abort();
    const closing = new AbortController();
    asking.current = closing;
    async function askUntilTold(): Promise<void> {
      try {
        const told = await readSession(closing.signal);
        if (closing.signal.aborted) return;
        setSession(told);
        setProblem(undefined);
      } catch (failure) {
        if (closing.signal.aborted) return;
        setProblem(sentenceOf(failure));
        setTimeout(() => {
          if (!closing.signal.aborted) void askUntilTold();
        }, retryMs);
      }
    }
    void askUntilTold();
  }, []);

  useEffect(() => {
    ask();
    window.addEventListener(loggedOutEvent, ask);
    return () => {
      window.removeEventListener(loggedOutEvent, ask);
      asking.current?.abort();
    };
  }, [ask]);

  const leave = useCallback(() => {
    void logOut().then(ask, ask);
  }, [ask]);

  return { session, problem, take: setSession, leave };
}

export const SessionContext = createContext<SessionInPage | undefined>(undefined);

export function useSession(): SessionInPage | undefined {
  return useContext(SessionContext);
}

/** Whether whoever is at the page may do this; until the server has told, nobody may. */
export function useMay(scope: Scope): boolean {
  return useSession()?.session?.scopes.includes(scope) === true;
}

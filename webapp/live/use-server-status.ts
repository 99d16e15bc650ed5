import { createContext, useContext, useEffect, useState } from 'react';
import { readServerStatus } from './server-api.ts';
import type { ServerStatus } from './server-api.ts';

/**
 * @param isAllowed false as long as the server would not tell
 * @returns undefined until it is known, null where it cannot be: only hints depend on it, so a failure stays quiet
 */
export function useStatusOfServer(isAllowed: boolean): ServerStatus | null | undefined {
  const [status, setStatus] = useState<ServerStatus | null>();
  useEffect(() => {
    if (!isAllowed) return undefined;
    const closing = new AbortController();
    readServerStatus(closing.signal).then(setStatus, () => {
      if (!closing.signal.aborted) setStatus(null);
    });
    return () => closing.abort();
  }, [isAllowed]);
  return status;
}

export const StatusContext = createContext<ServerStatus | null | undefined>(undefined);

/** @returns undefined where it is not known */
export function useServerStatus(): ServerStatus | undefined {
  return useContext(StatusContext) ?? undefined;
}

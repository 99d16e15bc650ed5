import { useEffect, useState } from 'react';
import { readServerStatus } from './server-api.ts';
import type { ServerStatus } from './server-api.ts';

/**
 * @param isAllowed false as long as the server would not tell
 * @returns undefined while it is not known. Only hints depend on it, so a failure stays quiet.
 */
export function useServerStatus(isAllowed = true): ServerStatus | undefined {
  const [status, setStatus] = useState<ServerStatus>();
  useEffect(() => {
    if (!isAllowed) return undefined;
    const closing = new AbortController();
    readServerStatus(closing.signal).then(setStatus, () => {});
    return () => closing.abort();
  }, [isAllowed]);
  return status;
}

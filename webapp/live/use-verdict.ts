import { useEffect, useState } from 'react';
import { ServerRefused } from './ask-server.ts';
import { judgeCall } from './server-api.ts';
import type { CallRequest, Verdict } from './server-api.ts';

const typingPauseMs = 600;

/**
 * What policy says of a call before it is placed, asked again whenever the request has rested for a moment.
 *
 * @param request undefined while there is nothing to ask about
 * @returns undefined while that is not known
 */
export function useVerdict(request: CallRequest | undefined): Verdict | undefined {
  const [verdict, setVerdict] = useState<{ readonly of: string; readonly said: Verdict }>();
  const asked = request === undefined ? '' : JSON.stringify(request);

  useEffect(() => {
    if (asked === '') return undefined;
    const closing = new AbortController();
    async function judge(): Promise<void> {
      try {
        setVerdict({ of: asked, said: await judgeCall(JSON.parse(asked) as CallRequest, closing.signal) });
      } catch (failure) {
        if (closing.signal.aborted || !(failure instanceof ServerRefused)) return;
        if (failure.code === 'unreachable') return;
        setVerdict({ of: asked, said: { isAllowed: false, reasons: [failure.message], warnings: [] } });
      }
    }
    const pause = setTimeout(() => void judge(), typingPauseMs);
    return () => {
      clearTimeout(pause);
      closing.abort();
    };
  }, [asked]);

  return verdict?.of === asked ? verdict.said : undefined;
}

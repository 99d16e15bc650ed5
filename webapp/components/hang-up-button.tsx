import { useState } from 'react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { sentenceOf } from '../live/ask-server.ts';
import { cancelCall } from '../live/server-api.ts';

/** Ends a call that has not ended. It stays pressed until the call's own events say that it is over. */
export function HangUpButton({ call }: { readonly call: Call }) {
  const [isAsked, setIsAsked] = useState(false);
  const [problem, setProblem] = useState<string>();
  const isHangingUp = isAsked || call.endingReason !== null;

  async function hangUp(): Promise<void> {
    setProblem(undefined);
    setIsAsked(true);
    try {
      await cancelCall(call.callId);
    } catch (failure) {
      setProblem(sentenceOf(failure));
      setIsAsked(false);
    }
  }

  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      {problem !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
      <button
        type="button"
        className="button shrink-0 border border-bad max-sm:px-2 bg-bad-tint whitespace-nowrap text-bad"
        disabled={isHangingUp}
        onClick={() => void hangUp()}
      >
        {wordsFor(call, isHangingUp)}
      </button>
    </div>
  );
}

function wordsFor({ state }: Call, isHangingUp: boolean): string {
  if (state === 'connected') return isHangingUp ? 'Hanging up…' : 'Hang up';
  return isHangingUp ? 'Canceling…' : 'Cancel call';
}

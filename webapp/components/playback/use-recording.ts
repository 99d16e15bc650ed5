import { useEffect, useState } from 'react';
import { isEnded } from '../../../websocket-server/src/call/call.ts';
import type { Call } from '../../../websocket-server/src/call/call.ts';
import { serverOrigin } from '../../live/server-address.ts';
import { RecordingPlayer } from './recording-player.ts';

/** The recording of a call, as far as the page has it. */
export type RecordingHere =
  | { readonly is: 'none' }
  /** The call goes on and is being recorded, or the carrier has not handed the recording over yet. */
  | { readonly is: 'under-way' | 'coming' }
  /** It stays there, where the operator wants it so. */
  | { readonly is: 'at-carrier'; readonly recordingId: string }
  /** Its days are over, or it never came. */
  | { readonly is: 'gone' }
  | { readonly is: 'here'; readonly player: RecordingPlayer; readonly address: string };

/** Waits between looks for a recording that the carrier has still to hand over, in ms. */
const pausesMs = [0, 1000, 2000, 4000, 8000, 15_000, 30_000];
/** After so long nothing is on its way any more. */
const freshMs = 5 * 60_000;

export function useRecording(call: Call | undefined): RecordingHere {
  const callId = call?.callId;
  const recordingId = call?.recording?.recordingId;
  const isOver = call !== undefined && isEnded(call);
  const isAtCarrier = call?.recording?.storage === 'carrier';
  const endedAt = call?.endedAt ?? 0;
  const [recording, setRecording] = useState<RecordingHere>({ is: 'none' });

  useEffect(() => {
    if (callId === undefined || recordingId === undefined) return setRecording({ is: 'none' });
    if (!isOver) return setRecording({ is: 'under-way' });
    if (isAtCarrier) return setRecording({ is: 'at-carrier', recordingId });
    const closing = new AbortController();
    const address = `${serverOrigin}/api/calls/${encodeURIComponent(callId)}/recording`;
    let player: RecordingPlayer | undefined;
    async function look(): Promise<void> {
      const isFresh = Date.now() - endedAt < freshMs;
      for (const pauseMs of isFresh ? pausesMs : [0]) {
        await pause(pauseMs, closing.signal);
        if (closing.signal.aborted) return;
        if (await isThere(address, closing.signal)) {
          player = new RecordingPlayer(address);
          setRecording({ is: 'here', player, address });
          return;
        }
        if (isFresh) setRecording({ is: 'coming' });
      }
      if (!closing.signal.aborted) setRecording({ is: 'gone' });
    }
    void look();
    return () => {
      closing.abort();
      player?.close();
    };
  }, [callId, recordingId, isOver, isAtCarrier, endedAt]);

  return recording;
}

async function isThere(address: string, signal: AbortSignal): Promise<boolean> {
  try {
    const credentials = serverOrigin === '' ? 'same-origin' : 'include';
    const answer = await fetch(address, { headers: { range: 'bytes=0-0' }, credentials, signal });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

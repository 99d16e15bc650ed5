import { useEffect, useState } from 'react';
import { emptyStory, foldStory, growStory, leavesGap } from './call-story.ts';
import type { CallStory } from './call-story.ts';
import { openLiveFeed } from './live-feed.ts';
import type { FeedState } from './live-feed.ts';
import { sentenceOf, ServerRefused } from './ask-server.ts';
import { readCall } from './server-api.ts';

export interface FollowedCall {
  /** Undefined until the first of it is known. */
  readonly story: CallStory | undefined;
  readonly feed: FeedState;
  readonly problem: { readonly code: string; readonly message: string } | undefined;
}

const nothingYet: FollowedCall = { story: undefined, feed: 'connecting', problem: undefined };

/**
 * Follows one call. The page is first painted from a reading of the call, and is then the fold of its events
 * from the first on, as soon as they have come as far as the reading.
 */
export function useCallStory(callId: string): FollowedCall {
  const [followed, setFollowed] = useState(nothingYet);

  useEffect(() => {
    const closing = new AbortController();
    let told = emptyStory;
    let reading = emptyStory;
    let isToldOnce = false;

    function show(): void {
      const story = told.sequence >= reading.sequence ? told : reading;
      setFollowed((before) => ({
        ...before,
        story: story.call === undefined ? undefined : story,
        ...(story.call === undefined ? {} : { problem: undefined }),
      }));
    }

    async function read(): Promise<void> {
      try {
        const { call, transcript } = await readCall(callId, closing.signal);
        reading = { ...emptyStory, call, transcript, sequence: call.sequence };
        show();
        // The rest of its log has gaps, and nothing more comes of it.
        if (call.letGo !== undefined) stop();
      } catch (failure) {
        if (closing.signal.aborted) return;
        if (reading.call !== undefined || told.call !== undefined) return;
        const code = failure instanceof ServerRefused ? failure.code : 'fault';
        setFollowed((before) => ({ ...before, problem: { code, message: sentenceOf(failure) } }));
        if (code === 'call-not-found') stop();
      }
    }

    function stop(): void {
      closing.abort();
      feed.close();
    }

    setFollowed(nothingYet);
    void read();
    const feed = openLiveFeed(
      { callId, after: 0 },
      {
        frame(frame) {
          if (frame.type === 'caught-up') {
            isToldOnce = true;
            return show();
          }
          if (frame.type === 'hint') {
            const grown = frame.hint.callId === callId ? growStory(told, frame.hint) : told;
            if (grown === told) return undefined;
            told = grown;
            return show();
          }
          if (frame.event.callId !== callId) return undefined;
          if (leavesGap(told, frame.event)) {
            told = emptyStory;
            return feed.restart(0);
          }
          told = foldStory(told, frame.event);
          // A call is not shown as it was in the middle of its history.
          const isBehind = reading.call === undefined ? !isToldOnce : told.sequence < reading.sequence;
          return isBehind ? undefined : show();
        },
        state(state) {
          if (state === 'reconnecting') void read();
          setFollowed((before) => ({ ...before, feed: state }));
        },
      },
    );

    return stop;
  }, [callId]);

  return followed;
}

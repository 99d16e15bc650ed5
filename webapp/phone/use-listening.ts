import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { forTalk, PhoneAudio } from './audio/phone-audio.ts';
import type { MicrophoneState } from './audio/phone-audio.ts';
import { foldListening, notListening, parseListeningFrame } from './listening-state.ts';
import type { ListeningState } from './listening-state.ts';
import { openSocket } from './reconnecting-socket.ts';
import type { ReconnectingSocket } from './reconnecting-socket.ts';

export interface Listening {
  readonly state: ListeningState;
  readonly microphone: MicrophoneState;
  readonly audio: RefObject<PhoneAudio | undefined>;
  /** The agent falls silent, and the microphone here is heard by the person. */
  readonly takeOver: () => void;
  readonly giveBack: () => void;
}

/** The model speaks ahead of its voice: a long answer comes at once and is played in its time. */
const forAgent = { prefillMs: 80, mostMs: 60_000 };
const agentTrack = 1;

/** Both parties of a live call, heard in this page. */
export function useListening(callId: string): Listening {
  const [state, fold] = useReducer(foldListening, notListening);
  const [microphone, setMicrophone] = useState<MicrophoneState>('off');
  const audio = useRef<PhoneAudio>(undefined);
  const socket = useRef<ReconnectingSocket>(undefined);

  useEffect(() => {
    const opened = new PhoneAudio({
      microphone: (chunk) => socket.current?.sendAudio(chunk),
      microphoneState: setMicrophone,
    });
    opened.resume();
    const person = opened.speaker(forTalk);
    const agent = opened.speaker(forAgent);
    audio.current = opened;
    const joined = openSocket(`/phone/listen?callId=${encodeURIComponent(callId)}`, false, {
      open: () => undefined,
      text: (data) => {
        const frame = parseListeningFrame(data);
        if (frame === undefined) return;
        if (frame.type === 'clear' || frame.type === 'taken-over') agent.clear();
        if (frame.type === 'given-back' || frame.type === 'ended') opened.closeMicrophone();
        if (frame.type === 'taken-over') void opened.openMicrophone();
        fold(frame);
      },
      audio: (frame) => (frame[0] === agentTrack ? agent : person).play(frame.slice(1)),
      lost: () => {
        opened.closeMicrophone();
        fold({ type: 'lost' });
      },
    });
    socket.current = joined;
    return () => {
      joined.close();
      opened.close();
      audio.current = undefined;
      socket.current = undefined;
    };
  }, [callId]);

  return {
    state,
    microphone,
    audio,
    takeOver: useCallback(() => {
      fold({ type: 'asked' });
      socket.current?.sendText({ type: 'take-over' });
    }, []),
    giveBack: useCallback(() => socket.current?.sendText({ type: 'give-back' }), []),
  };
}

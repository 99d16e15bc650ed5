import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { forTalk, PhoneAudio } from './audio/phone-audio.ts';
import type { MicrophoneState } from './audio/phone-audio.ts';
import { foldPhone, newPhone } from './phone-state.ts';
import type { PhoneInput, PhoneState } from './phone-state.ts';
import { openSocket } from './reconnecting-socket.ts';
import type { ReconnectingSocket } from './reconnecting-socket.ts';
import { parseSoftphoneFrame } from './softphone-frame.ts';
import type { SoftphoneWish } from './softphone-frame.ts';

export interface Softphone {
  readonly state: PhoneState;
  readonly microphone: MicrophoneState;
  /** Undefined before the page has become alive. */
  readonly audio: RefObject<PhoneAudio | undefined>;
  readonly ringsForEvery: boolean;
  readonly ringForEvery: (isOn: boolean) => void;
  /** @param withMicrophone whether to ask for it */
  readonly answer: (withMicrophone: boolean) => void;
  readonly dial: (withMicrophone: boolean) => void;
  readonly hangUp: () => void;
  readonly say: (text: string) => void;
  readonly press: (digit: string) => void;
  readonly putAway: () => void;
}

/** The phone in this page: plugged in to the simulated phone network for as long as the page is open. */
export function useSoftphone(isWanted: boolean): Softphone {
  const [state, fold] = useReducer(
    (before: PhoneState, input: PhoneInput) => foldPhone(before, input, Date.now()),
    newPhone,
  );
  const [microphone, setMicrophone] = useState<MicrophoneState>('off');
  const [ringsForEvery, setRingsForEvery] = useState(false);
  const audio = useRef<PhoneAudio>(undefined);
  const socket = useRef<ReconnectingSocket>(undefined);
  const waitsFor = useRef<'own-number' | 'every-number'>('own-number');

  useEffect(() => {
    if (!isWanted) return undefined;
    const opened = new PhoneAudio({
      microphone: (chunk) => socket.current?.sendAudio(chunk),
      microphoneState: setMicrophone,
    });
    const speaker = opened.speaker(forTalk);
    audio.current = opened;
    const joined = openSocket('/phone/ws', true, {
      open: () => joined.sendText({ type: 'wait-for-calls', to: waitsFor.current }),
      text: (data) => {
        const frame = parseSoftphoneFrame(data);
        if (frame === undefined) return;
        if (frame.type === 'clear' || frame.type === 'ended') speaker.clear();
        fold(frame);
      },
      audio: (chunk) => speaker.play(chunk),
      lost: () => fold({ type: 'link-lost' }),
    });
    socket.current = joined;
    const wake = () => opened.resume();
    window.addEventListener('pointerdown', wake);
    window.addEventListener('keydown', wake);
    return () => {
      window.removeEventListener('pointerdown', wake);
      window.removeEventListener('keydown', wake);
      joined.close();
      opened.close();
      audio.current = undefined;
      socket.current = undefined;
    };
  }, [isWanted]);

  const { is } = state.line;
  useEffect(() => {
    audio.current?.ring(is === 'ringing');
    if (is === 'idle' || is === 'ended') audio.current?.closeMicrophone();
  }, [is]);

  const wish = useCallback((message: SoftphoneWish) => socket.current?.sendText(message), []);
  const openMicrophone = useCallback((isAsked: boolean) => {
    if (isAsked) void audio.current?.openMicrophone();
  }, []);

  return {
    state,
    microphone,
    audio,
    ringsForEvery,
    ringForEvery: useCallback(
      (isOn) => {
        waitsFor.current = isOn ? 'every-number' : 'own-number';
        setRingsForEvery(isOn);
        wish({ type: 'wait-for-calls', to: waitsFor.current });
      },
      [wish],
    ),
    answer: useCallback(
      (withMicrophone) => {
        fold({ type: 'answered-here' });
        wish({ type: 'answer' });
        openMicrophone(withMicrophone);
      },
      [wish, openMicrophone],
    ),
    dial: useCallback(
      (withMicrophone) => {
        wish({ type: 'dial' });
        openMicrophone(withMicrophone);
      },
      [wish, openMicrophone],
    ),
    hangUp: useCallback(() => wish({ type: 'hang-up' }), [wish]),
    say: useCallback(
      (text) => {
        fold({ type: 'typed', text });
        wish({ type: 'say', text });
      },
      [wish],
    ),
    press: useCallback(
      (digit) => {
        audio.current?.key(digit);
        wish({ type: 'press', digits: digit });
      },
      [wish],
    ),
    putAway: useCallback(() => fold({ type: 'put-away' }), []),
  };
}

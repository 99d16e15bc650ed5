import { Grip, Mic, MicOff, PhoneOff } from 'lucide-react';
import { useState } from 'react';
import { Keypad } from '../components/keypad.tsx';
import { LevelMeter } from './level-meter.tsx';
import { RoundButton } from './round-button.tsx';
import type { Softphone } from './use-softphone.ts';

/** What one may do while on the line. */
export function ConnectedControls({
  phone,
  showsKeypad,
  onKeypad,
}: {
  readonly phone: Softphone;
  readonly showsKeypad: boolean;
  readonly onKeypad: (isShown: boolean) => void;
}) {
  const { microphone, audio } = phone;
  const isOpen = microphone === 'on';
  const [pressed, setPressed] = useState('');

  function toggleMicrophone(): void {
    if (isOpen) audio.current?.mute(true);
    else if (microphone === 'muted') audio.current?.mute(false);
    else void audio.current?.openMicrophone();
  }

  return (
    <div className="mt-auto grid gap-5 pt-5">
      {showsKeypad ? (
        <div className="grid gap-2">
          <p role="status" className="h-6 truncate text-center font-mono tracking-widest [direction:rtl]">
            <bdi>{pressed}</bdi>
          </p>
          <Keypad
            columns={3}
            takesFocus
            onKey={(key) => {
              setPressed((before) => before + key);
              phone.press(key);
            }}
          />
        </div>
      ) : (
        <div className="grid gap-2">
          <LevelMeter side="speaker" audio={audio} label="Agent" />
          <LevelMeter side="microphone" audio={audio} label="You" />
          <p role="status" className="min-h-10 text-center text-sm text-muted">
            {microphoneWords[microphone]}
          </p>
        </div>
      )}
      <div className="flex justify-between">
        <RoundButton
          icon={isOpen ? Mic : MicOff}
          label={isOpen ? 'Mute' : microphone === 'muted' ? 'Unmute' : 'Talk'}
          colour="plain"
          onClick={toggleMicrophone}
        />
        <RoundButton
          icon={Grip}
          label="Keypad"
          colour="plain"
          isPressed={showsKeypad}
          onClick={() => onKeypad(!showsKeypad)}
        />
        <RoundButton icon={PhoneOff} label="Hang up" colour="stop" onClick={phone.hangUp} />
      </div>
    </div>
  );
}

const microphoneWords: Readonly<Record<Softphone['microphone'], string>> = {
  off: 'Type or tap what you say, or press Talk.',
  asking: 'Allow the microphone in your browser…',
  on: 'The agent hears your microphone.',
  muted: 'Muted. You can still type.',
  refused: 'The browser refused the microphone: allow it in the address bar, or type.',
  missing: 'There is no microphone here. You can type.',
};

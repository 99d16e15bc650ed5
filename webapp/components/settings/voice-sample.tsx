import { Volume2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../../live/ask-server.ts';
import { readVoiceSample } from '../../live/settings-api.ts';

/** Lets a voice of the simulated model be heard. */
export function VoiceSample({ voice }: { readonly voice: string }) {
  const player = useRef<HTMLAudioElement>(null);
  const [state, setState] = useState<'silent' | 'asking' | 'playing'>('silent');
  const [problem, setProblem] = useState<string>();
  const [address, setAddress] = useState<string>();

  useEffect(() => {
    if (address === undefined) return undefined;
    return () => URL.revokeObjectURL(address);
  }, [address]);

  async function hear(): Promise<void> {
    setProblem(undefined);
    setState('asking');
    try {
      const sound = URL.createObjectURL(await readVoiceSample(voice));
      setAddress(sound);
      const audio = player.current;
      if (audio === null) return;
      audio.src = sound;
      await audio.play();
      setState('playing');
    } catch (failure) {
      setState('silent');
      setProblem(
        failure instanceof DOMException ? 'The browser could not play the sample.' : sentenceOf(failure),
      );
    }
  }

  const words = { silent: `Hear ${voice}`, asking: 'Asking…', playing: 'Playing…' }[state];
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <button
        type="button"
        className="inline-flex min-h-11 cursor-pointer items-center gap-2 rounded-lg border border-edge px-3 text-sm font-medium disabled:cursor-default disabled:text-muted"
        disabled={state !== 'silent'}
        onClick={() => void hear()}
      >
        <Volume2 aria-hidden="true" className="size-4" />
        {words}
      </button>
      <p
        className="min-w-0 flex-1 text-sm text-muted max-sm:basis-full"
        role={problem === undefined ? undefined : 'alert'}
      >
        {problem ??
          'Demo: a synthesiser with few voices stands in for the model, whose own voices sound like people.'}
      </p>
      <audio ref={player} onEnded={() => setState('silent')} onPause={() => setState('silent')} />
    </div>
  );
}

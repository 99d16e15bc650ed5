import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { PhoneAudio } from './audio/phone-audio.ts';

/** Quieter than this shows nothing; a voice near the microphone reaches the top. */
const quietest = -54;
const loudest = -12;

/** How loud one side is right now. Painted without React, many times a second; at rest where motion is unwanted. */
export function LevelMeter({
  side,
  audio,
  label,
}: {
  readonly side: keyof PhoneAudio['loudness'];
  readonly audio: RefObject<PhoneAudio | undefined>;
  readonly label: string;
}) {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let shown = 0;
    let frame = requestAnimationFrame(function paint() {
      const decibels = 20 * Math.log10(Math.max(1e-6, audio.current?.loudness[side] ?? 0));
      const level = Math.min(1, Math.max(0, (decibels - quietest) / (loudest - quietest)));
      shown = Math.max(level, shown * 0.88);
      if (bar.current !== null) bar.current.style.transform = `scaleX(${shown.toFixed(3)})`;
      frame = requestAnimationFrame(paint);
    });
    return () => cancelAnimationFrame(frame);
  }, [side, audio]);
  return (
    <div className="grid grid-cols-[3.5rem_minmax(0,1fr)] items-center gap-2 text-sm text-muted">
      <span>{label}</span>
      <span aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-sunken">
        <span
          ref={bar}
          style={{ transform: 'scaleX(0)' }}
          className={`block h-full origin-left rounded-full ${side === 'microphone' ? 'bg-edge' : 'bg-accent'}`}
        />
      </span>
    </div>
  );
}

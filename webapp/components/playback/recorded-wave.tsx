import { useEffect, useRef, useState } from 'react';
import { barPx, columnPx } from '../timeline/waveform.tsx';
import type { RecordingPlayer } from './recording-player.ts';

/** A recording longer than this is not fetched as a whole only to be drawn. */
export const longestDrawnMs = 30 * 60_000;

/**
 * Both channels of a recording, the person's above the agent's, each as high as half of the place they fill, with
 * the place that is heard.
 */
export function RecordedWave({
  player,
  heightPx,
  onDrawn,
}: {
  readonly player: RecordingPlayer;
  /** Of both channels together. */
  readonly heightPx: number;
  readonly onDrawn: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [isDark, setIsDark] = useState(() => darkness().matches);
  const drawn = useRef(onDrawn);
  drawn.current = onDrawn;

  useEffect(() => {
    const query = darkness();
    const look = () => setIsDark(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, []);

  useEffect(() => {
    const container = place.current;
    if (container === null) return undefined;
    let close: (() => void) | undefined;
    let isOver = false;
    async function draw(container: HTMLElement): Promise<void> {
      const { default: WaveSurfer } = await import('wavesurfer.js');
      if (isOver) return;
      const colours = getComputedStyle(document.documentElement);
      const colour = (name: string) => colours.getPropertyValue(name).trim();
      const wave = WaveSurfer.create({
        container,
        media: player.audio,
        // As the browser writes it: of another address it would make a copy, and begin anew.
        url: player.audio.src,
        ...(player.audio.crossOrigin === null ? {} : { fetchParams: { credentials: 'include' } }),
        splitChannels: [
          { waveColor: colour('--edge'), progressColor: colour('--ink') },
          { waveColor: colour('--accent'), progressColor: colour('--ink') },
        ],
        height: heightPx / 2,
        barWidth: barPx,
        barGap: columnPx - barPx,
        barRadius: barPx,
        cursorColor: colour('--ink'),
        cursorWidth: 2,
        interact: false,
        normalize: true,
        barHeight: 0.85,
        hideScrollbar: true,
      });
      wave.on('redrawcomplete', () => drawn.current());
      // The recording can be heard and its turns found without its drawing.
      wave.on('error', () => undefined);
      close = () => wave.destroy();
    }
    draw(container).catch(() => undefined);
    return () => {
      isOver = true;
      close?.();
    };
  }, [player, heightPx, isDark]);

  return <div ref={place} className="pointer-events-none absolute inset-0" />;
}

function darkness(): MediaQueryList {
  return window.matchMedia('(prefers-color-scheme: dark)');
}

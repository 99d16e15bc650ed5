import type { Runtime } from '../../lib/runtime.ts';

const intervalMs = 10_000;

/**
 * Tells the operator of refused requests: their usual cause is a wrong setting, so the first one must be
 * seen, and a stranger who sends thousands must not fill the log.
 */
export function createRefusalLog({ clock, log }: Pick<Runtime, 'clock' | 'log'>): (path: string) => void {
  let lastToldMs = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (path) => {
    untold += 1;
    if (clock.elapsed() - lastToldMs < intervalMs) return;
    lastToldMs = clock.elapsed();
    log.warn(
      'refused: no valid Twilio signature; if Twilio sent this, check PUBLIC_URL and TWILIO_AUTH_TOKEN',
      {
        path,
        refused: untold,
      },
    );
    untold = 0;
  };
}

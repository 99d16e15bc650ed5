import type { CallTimeline } from './call-timeline.ts';

/** A time of the call as a share of the width that it is drawn over. @param ms since the answer, or a length */
export function shareOf(ms: number, { drawnMs }: Pick<CallTimeline, 'drawnMs'>): string {
  return `${((ms / drawnMs) * 100).toFixed(3)}%`;
}

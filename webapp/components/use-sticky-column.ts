import { useCallback } from 'react';
import type { RefCallback } from 'react';

/** Height of what stays in sight above it, with a gap. */
const abovePx = 120;
const gapPx = 16;

/**
 * Keeps a column beside a longer one in sight without a scroll bar of its own: one that fits stays below the
 * header, a taller one scrolls with the page until its foot is in sight.
 *
 * @returns goes on the column, which is `position: sticky`
 */
export function useStickyColumn(): RefCallback<HTMLElement> {
  return useCallback((column: HTMLElement | null) => {
    if (column === null) return undefined;
    function place(): void {
      if (column === null) return;
      column.style.top = `${Math.min(abovePx, window.innerHeight - column.offsetHeight - gapPx)}px`;
    }
    const watch = new ResizeObserver(place);
    watch.observe(column);
    window.addEventListener('resize', place);
    place();
    return () => {
      watch.disconnect();
      window.removeEventListener('resize', place);
    };
  }, []);
}

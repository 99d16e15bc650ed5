import { useEffect, useLayoutEffect, useRef } from 'react';

const nearEndPx = 120;

/**
 * Keeps the end of a growing page in sight for as long as the person has not scrolled away from it.
 *
 * @param content the page is looked at again whenever this changes
 */
export function useStayAtEnd(content: unknown, isGrowing: boolean): void {
  const isAtEnd = useRef(true);

  useEffect(() => {
    function look(): void {
      const page = document.documentElement;
      isAtEnd.current = window.innerHeight + window.scrollY >= page.scrollHeight - nearEndPx;
    }
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);

  useLayoutEffect(() => {
    if (isGrowing && isAtEnd.current) window.scrollTo(0, document.documentElement.scrollHeight);
  }, [content, isGrowing]);
}

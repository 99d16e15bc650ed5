import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/**
 * Names the document, and moves the focus to the page's heading: between pages of ours no document is loaded,
 * so nothing else tells a screen reader that the page is another one.
 *
 * @returns goes on the heading, which needs `tabIndex={-1}`
 */
export function useArrival(title: string): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · MCP Telephone`;
  }, [title]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return heading;
}

import type { MouseEvent, ReactNode } from 'react';
import { goTo } from './app-route.ts';

/** A link to another page of ours. New tabs, new windows and the like stay the browser's business. */
export function PageLink({
  to,
  className,
  title,
  isCurrent = false,
  children,
}: {
  readonly to: string;
  readonly className?: string;
  readonly title?: string;
  /** The page that is shown. */
  readonly isCurrent?: boolean;
  readonly children: ReactNode;
}) {
  function follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(to);
  }
  return (
    <a
      href={to}
      className={className}
      title={title}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}

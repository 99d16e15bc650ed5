import type { ReactNode } from 'react';

/** Says in place of content why there is none. */
export function Notice({
  title,
  isAlert = false,
  children,
}: {
  readonly title: string;
  readonly isAlert?: boolean;
  readonly children?: ReactNode;
}) {
  return (
    <div role={isAlert ? 'alert' : undefined} className="card px-5 py-8 text-center">
      <p className="font-semibold">{title}</p>
      <div className="mt-1 text-sm text-muted">{children}</div>
    </div>
  );
}

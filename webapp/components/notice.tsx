import type { ReactNode } from 'react';

/** Says in place of content why there is none. */
export function Notice({
  title,
  isAlert = false,
  isHeading = false,
  children,
}: {
  readonly title: string;
  readonly isAlert?: boolean;
  /** For a page that says nothing else. */
  readonly isHeading?: boolean;
  readonly children?: ReactNode;
}) {
  const Title = isHeading ? 'h1' : 'p';
  return (
    <div role={isAlert ? 'alert' : undefined} className="card px-5 py-8 text-center">
      <Title className="font-semibold">{title}</Title>
      <div className="mt-1 text-sm text-muted">{children}</div>
    </div>
  );
}

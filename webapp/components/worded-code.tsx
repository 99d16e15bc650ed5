import type { ReactNode } from 'react';

/** What is typed as it is: between `backticks`, or the name of an environment variable. */
const typed = /`([^`]*)`|\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/gu;

/** A sentence in which what is typed as it is looks so. */
export function WordedCode({ children }: { readonly children: string }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const found of children.matchAll(typed)) {
    parts.push(
      children.slice(end, found.index),
      <code key={found.index} className="rounded bg-sunken px-1 font-mono text-[0.92em] text-ink">
        {found[1] ?? found[2]}
      </code>,
    );
    end = found.index + found[0].length;
  }
  return [...parts, children.slice(end)];
}

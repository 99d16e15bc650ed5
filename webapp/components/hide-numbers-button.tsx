import { Eye, EyeOff } from 'lucide-react';
import { hideNumbers, useHiddenNumbers } from './hidden-numbers.ts';

/** Keeps numbers from who looks over the shoulder, on every page. @param isBare stands beside a number */
export function HideNumbersButton({ isBare = false }: { readonly isBare?: boolean }) {
  const isHidden = useHiddenNumbers();
  const Icon = isHidden ? EyeOff : Eye;
  return (
    <button
      type="button"
      className={
        isBare
          ? '-my-1 inline-flex size-9 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted hover:text-ink'
          : 'button border border-line bg-surface px-3 text-muted hover:text-ink'
      }
      aria-pressed={isHidden}
      aria-label="Hide numbers"
      title={isHidden ? 'Numbers are hidden' : 'Hide numbers'}
      onClick={() => hideNumbers(!isHidden)}
    >
      <Icon aria-hidden="true" className="size-5" />
    </button>
  );
}

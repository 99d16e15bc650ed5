import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { keyNames, movedKey, phoneKeys } from './phone-keys.ts';

const looks = {
  round: {
    grid: 'mx-auto w-fit gap-2',
    key: 'size-[3.75rem] rounded-full bg-sunken hover:bg-line active:bg-agent',
    digit: 'text-2xl leading-7',
  },
  flat: {
    grid: 'w-full gap-1.5',
    key: 'min-h-11 rounded-lg border border-line bg-surface hover:bg-sunken active:bg-agent',
    digit: 'text-lg leading-6',
  },
} as const;

/**
 * The keys of a phone. One of them is reached by Tab, the others by the arrows, and each by typing it.
 *
 * @param columns 3 as on a phone, or 6 where there is little height
 */
export function Keypad({
  columns,
  isOff = false,
  takesFocus = false,
  onKey,
}: {
  readonly columns: 3 | 6;
  readonly isOff?: boolean;
  /** From the moment it shows up. */
  readonly takesFocus?: boolean;
  readonly onKey: (key: string) => void;
}) {
  const [focused, setFocused] = useState(0);
  const group = useRef<HTMLDivElement>(null);
  const look = looks[columns === 3 ? 'round' : 'flat'];

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typed = phoneKeys.findIndex(([key]) => key === event.key);
    const next = typed === -1 ? movedKey(focused, event.key, columns) : typed;
    if (next === undefined) return;
    event.preventDefault();
    setFocused(next);
    group.current?.querySelectorAll('button')[next]?.focus();
    if (typed !== -1 && !isOff) onKey(event.key);
  }

  return (
    <div
      ref={group}
      role="group"
      aria-label="Keypad"
      className={`grid ${look.grid}`}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      onKeyDown={onKeyDown}
    >
      {phoneKeys.map(([key, letters], index) => (
        <button
          key={key}
          type="button"
          aria-label={keyNames[key] ?? key}
          tabIndex={index === focused ? 0 : -1}
          autoFocus={takesFocus && index === 0}
          disabled={isOff}
          className={`grid cursor-pointer place-content-center text-center transition-colors disabled:cursor-default disabled:opacity-60 ${look.key}`}
          onFocus={() => setFocused(index)}
          onClick={() => onKey(key)}
        >
          <span className={look.digit}>{key}</span>
          {columns === 3 && (
            <span aria-hidden="true" className="h-3 text-[0.625rem] leading-3 tracking-widest text-muted">
              {letters}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

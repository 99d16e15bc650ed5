import { useRef } from 'react';
import { demoNumbers } from './demo-numbers.ts';

/** Who can be rung in the simulated phone network. */
export function DemoNumberPicker({ onPick }: { readonly onPick: (number: string) => void }) {
  const details = useRef<HTMLDetailsElement>(null);

  function pick(number: string): void {
    onPick(number);
    if (details.current !== null) details.current.open = false;
  }

  return (
    <details ref={details} className="rounded-lg bg-wait-tint text-sm">
      <summary className="rounded-lg px-3 py-2 font-medium text-wait">Demo: numbers to try</summary>
      <p className="px-3 pb-1">No real phone rings. Any number is answered; these choose by whom.</p>
      <ul className="pb-1">
        {demoNumbers.map(({ number, answeredBy }) => (
          <li key={number}>
            <button
              type="button"
              className="grid min-h-10 w-full cursor-pointer grid-cols-[auto_minmax(0,1fr)] items-center gap-x-3 rounded px-3 py-1 text-left -outline-offset-2 hover:underline"
              onClick={() => pick(number)}
            >
              <span className="font-medium tabular-nums">{number}</span>
              <span>{answeredBy}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

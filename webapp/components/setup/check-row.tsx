import { CircleAlert, CircleCheck, CircleMinus, CircleX, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { WordedCode } from '../worded-code.tsx';
import type { CheckState, SetupCheck } from '../../live/setup-api.ts';

const signs = {
  ok: { Icon: CircleCheck, word: 'Fine', colour: 'text-live' },
  warning: { Icon: CircleAlert, word: 'Warning', colour: 'text-wait' },
  problem: { Icon: CircleX, word: 'Problem', colour: 'text-bad' },
  skipped: { Icon: CircleMinus, word: 'Not checked', colour: 'text-muted' },
  running: { Icon: LoaderCircle, word: 'Checking', colour: 'text-muted' },
} as const satisfies Record<CheckState, object>;

/** One check: how it came out, in a sign and a word, and what to change. */
export function CheckRow({ check, children }: { readonly check: SetupCheck; readonly children?: ReactNode }) {
  const { Icon, word, colour } = signs[check.state];
  const isRunning = check.state === 'running';
  return (
    <li className="flex gap-3 px-4 py-3">
      <Icon
        aria-hidden="true"
        className={`mt-0.5 size-5 shrink-0 ${colour} ${isRunning ? 'animate-spin motion-reduce:animate-none' : ''}`}
      />
      <div className="grid min-w-0 flex-1 gap-x-4 gap-y-1 sm:grid-cols-[11rem_minmax(0,1fr)]">
        <p className="font-medium">
          {check.title}
          <span className="sr-only">: {word}.</span>
        </p>
        <div className="min-w-0 text-sm break-words">
          <p>
            {isRunning ? (
              <span className="text-muted">Asking…</span>
            ) : (
              <WordedCode>{check.message}</WordedCode>
            )}
          </p>
          {check.fix !== null && (
            <p className="mt-1 border-l-2 border-edge pl-3 text-muted">
              <WordedCode>{check.fix}</WordedCode>
            </p>
          )}
          {children}
        </div>
      </div>
    </li>
  );
}

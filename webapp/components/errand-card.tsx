import type { ReactNode } from 'react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { directionWords, nameWords } from './call-words.ts';
import { useShownNumber } from './hidden-numbers.ts';
import { LocalTime } from './local-time.tsx';

/** What the client asked for, and the call's plain facts. */
export function ErrandCard({ call }: { readonly call: Call }) {
  const { errand } = call;
  const shown = useShownNumber();
  return (
    <section aria-labelledby="errand" className="card p-4">
      <h2 id="errand" className="font-semibold">
        Goal
      </h2>
      <p dir="auto" className="mt-2 wrap-anywhere whitespace-pre-wrap">
        {errand.goal}
      </p>
      <details className="mt-3 text-sm">
        <summary className="rounded font-medium text-accent">About this call</summary>
        <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          {Object.entries(errand.context).map(([name, value]) => (
            <Fact key={name} name={nameWords(name)}>
              {typeof value === 'string' ? value : JSON.stringify(value)}
            </Fact>
          ))}
          {errand.instructions !== null && <Fact name="Instructions">{errand.instructions}</Fact>}
          <Fact name="Call">{directionWords[call.direction]}</Fact>
          <Fact name="From">{shown(call.from)}</Fact>
          <Fact name="To">{shown(call.to)}</Fact>
          <Fact name={call.direction === 'outbound' ? 'Requested' : 'Arrived'}>
            <LocalTime at={call.requestedAt} />
          </Fact>
          {call.answeredAt !== null && (
            <Fact name="Answered">
              <LocalTime at={call.answeredAt} />
            </Fact>
          )}
          {call.endedAt !== null && (
            <Fact name="Ended">
              <LocalTime at={call.endedAt} />
            </Fact>
          )}
        </dl>
      </details>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted first-letter:uppercase">{name}</dt>
      <dd dir="auto" className="wrap-anywhere">
        {children}
      </dd>
    </>
  );
}

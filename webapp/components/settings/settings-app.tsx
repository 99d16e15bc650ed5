'use client';

import { useEffect, useState } from 'react';
import { sentenceOf } from '../../live/ask-server.ts';
import { readSettings } from '../../live/settings-api.ts';
import type { SettingsPage } from '../../live/settings-api.ts';
import { Notice } from '../notice.tsx';
import { PageFrame } from '../page-frame.tsx';
import { useArrival } from '../use-arrival.ts';
import { DoNotCallSection } from './do-not-call-section.tsx';
import { SettingsForm } from './settings-form.tsx';
import { TryNumber } from './try-number.tsx';

const sections = [
  { id: 'agent', title: 'Agent' },
  { id: 'inbound', title: 'Incoming calls' },
  { id: 'tools', title: 'Your own tools' },
  { id: 'limits', title: 'Limits' },
  { id: 'try-number', title: 'May it be called?' },
  { id: 'do-not-call', title: 'Do not call' },
];

export function SettingsApp() {
  return (
    <PageFrame>
      <Settings />
    </PageFrame>
  );
}

function Settings() {
  const heading = useArrival('Settings');
  const [page, setPage] = useState<SettingsPage>();
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const closing = new AbortController();
    readSettings(closing.signal).then(setPage, (failure: unknown) => {
      if (!closing.signal.aborted) setProblem(sentenceOf(failure));
    });
    return () => closing.abort();
  }, [attempt]);

  return (
    <main className="mx-auto grid max-w-4xl grid-cols-1 gap-6 px-4 pt-8 pb-28">
      <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold outline-none">
        Settings
      </h1>
      {problem !== undefined && (
        <Notice title={problem} isAlert>
          <button
            type="button"
            className="button mt-3 border border-edge text-ink"
            onClick={() => {
              setProblem(undefined);
              setAttempt(attempt + 1);
            }}
          >
            Try again
          </button>
        </Notice>
      )}
      {page === undefined && problem === undefined && <p className="text-muted">Loading…</p>}
      {page !== undefined && (
        <>
          <nav aria-label="Sections" className="-mt-2 flex flex-wrap gap-x-4 gap-y-1">
            {sections.map(({ id, title }) => (
              <a
                key={id}
                href={`#${id}`}
                className="inline-flex min-h-9 items-center text-sm font-medium text-accent underline-offset-4 hover:underline"
              >
                {title}
              </a>
            ))}
          </nav>
          <SettingsForm key={page.version} page={page} onReload={() => setAttempt(attempt + 1)} />
          <TryNumber />
          <DoNotCallSection />
        </>
      )}
    </main>
  );
}

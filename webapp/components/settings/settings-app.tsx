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
          <SettingsForm key={page.version} page={page} onReload={() => setAttempt(attempt + 1)} />
          <DoNotCallSection />
        </>
      )}
    </main>
  );
}

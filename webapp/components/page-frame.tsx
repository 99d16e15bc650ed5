'use client';

import type { ReactNode } from 'react';
import { StatusContext, useStatusOfServer } from '../live/use-server-status.ts';
import { SessionContext, useSessionOfServer } from '../live/use-session.ts';
import { LoginPage } from './login-page.tsx';
import { Notice } from './notice.tsx';
import { SiteHeader } from './site-header.tsx';

/**
 * What every page stands in: the header, and the login where the server asks for one. Its children are shown,
 * and ask the server for anything, only once it is known that they may, and what is simulated: nothing moves
 * when that arrives.
 */
export function PageFrame({ children }: { readonly children: ReactNode }) {
  const own = useSessionOfServer();
  const { session, problem } = own;
  const isAdmitted = session !== undefined && (session.isAuthenticated || !session.isRequired);
  const status = useStatusOfServer(isAdmitted);
  return (
    <SessionContext value={own}>
      <SiteHeader isDemo={status?.demo.carrier === true || status?.demo.voiceModel === true} />
      {isAdmitted && status !== undefined && <StatusContext value={status}>{children}</StatusContext>}
      {session !== undefined && !isAdmitted && <LoginPage session={session} onLogin={own.take} />}
      {session === undefined && problem !== undefined && (
        <main className="mx-auto max-w-5xl px-4 py-10">
          <Notice title={problem} isAlert>
            This page keeps trying.
          </Notice>
        </main>
      )}
      <noscript>
        <p className="p-6 text-center">This page follows calls live and needs JavaScript.</p>
      </noscript>
    </SessionContext>
  );
}

'use client';

import { useCallList } from '../live/use-call-list.ts';
import { useDemoMode } from '../live/use-demo-mode.ts';
import { useRoute } from './app-route.ts';
import { CallPage } from './call-page.tsx';
import { CallsPage } from './calls-page.tsx';
import { SiteHeader } from './site-header.tsx';

/** Both pages in one, so that going from one to the other loads nothing and keeps the list. */
export function CallsApp() {
  const route = useRoute();
  const followed = useCallList(route?.page === 'calls');
  const demo = useDemoMode();
  return (
    <>
      <SiteHeader isDemo={demo !== undefined && (demo.carrier || demo.voiceModel)} />
      {route?.page === 'calls' && <CallsPage followed={followed} demo={demo} />}
      {route?.page === 'call' && <CallPage key={route.callId} callId={route.callId} />}
      <noscript>
        <p className="p-6 text-center">This page follows calls live and needs JavaScript.</p>
      </noscript>
    </>
  );
}

'use client';

import { useCallList } from '../live/use-call-list.ts';
import { PhonePage } from '../phone/phone-page.tsx';
import { useRoute } from './app-route.ts';
import { CallPage } from './call-page.tsx';
import { CallsPage } from './calls-page.tsx';
import { PageFrame } from './page-frame.tsx';

/** All pages in one, so that going from one to the other loads nothing and keeps the list. */
export function CallsApp() {
  return (
    <PageFrame>
      <Pages />
    </PageFrame>
  );
}

function Pages() {
  const route = useRoute();
  const followed = useCallList(route?.page === 'calls' || route?.page === 'phone');
  return (
    <>
      {route?.page === 'calls' && <CallsPage followed={followed} />}
      {route?.page === 'phone' && <PhonePage followed={followed} />}
      {route?.page === 'call' && <CallPage key={route.callId} callId={route.callId} />}
    </>
  );
}

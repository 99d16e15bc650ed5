import { useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { listenedCallId } from '../components/app-route.ts';
import { FeedNotice } from '../components/feed-notice.tsx';
import { Notice } from '../components/notice.tsx';
import { useArrival } from '../components/use-arrival.ts';
import type { FollowedCalls } from '../live/use-call-list.ts';
import type { ServerStatus } from '../live/server-api.ts';
import { useServerStatus } from '../live/use-server-status.ts';
import { useMay } from '../live/use-session.ts';
import { Conversation } from './conversation.tsx';
import { LiveCalls } from './live-calls.tsx';
import { PhoneCard } from './phone-card.tsx';
import { useSoftphone } from './use-softphone.ts';

/** The phone in the page: in front of the simulated phone network a person can be the one who is rung. */
export function PhonePage({ followed }: { readonly followed: FollowedCalls }) {
  const heading = useArrival('Phone');
  const demo = useServerStatus()?.demo;
  const mayControl = useMay('calls:control');
  return (
    <main className="mx-auto max-w-5xl px-4 pt-6 pb-20">
      {!mayControl && (
        <>
          <Heading heading={heading} />
          <Notice title="You may only watch">
            Your token lacks calls:control, which takes part in calls. Log in with one that has it.
          </Notice>
        </>
      )}
      {mayControl && demo?.carrier === false && (
        <>
          <Heading heading={heading} />
          <Notice title="Calls ring at real phones">
            This phone rings in demo mode only, where the phone network is simulated: start the server without
            a carrier’s credentials.
          </Notice>
          <div className="mt-6">
            <LiveCalls followed={followed} but={undefined} />
          </div>
        </>
      )}
      {mayControl && demo?.carrier !== false && (
        <Rung followed={followed} demo={demo} heading={<Heading heading={heading} />} />
      )}
      <FeedNotice feed={followed.feed} />
    </main>
  );
}

function Heading({ heading }: { readonly heading: RefObject<HTMLHeadingElement | null> }) {
  return (
    <h1 ref={heading} tabIndex={-1} className="sr-only">
      Phone
    </h1>
  );
}

function Rung({
  followed,
  demo,
  heading,
}: {
  readonly followed: FollowedCalls;
  readonly demo: ServerStatus['demo'] | undefined;
  readonly heading: ReactNode;
}) {
  const phone = useSoftphone(demo?.carrier === true);
  const { line } = phone.state;
  const call =
    line.is === 'idle'
      ? undefined
      : [...followed.list.calls.values()].find((known) => known.carrierCallId === line.carrierCallId);
  // Whoever came to listen finds that first.
  const [comesToListen] = useState(() => listenedCallId() !== undefined);
  const live = <LiveCalls followed={followed} but={call} />;
  return (
    <div className="grid grid-cols-1 gap-6">
      {heading}
      {comesToListen && live}
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <PhoneCard phone={phone} call={call} hasSimulatedModel={demo?.voiceModel === true} />
        <Conversation phone={phone} call={call} hasSimulatedModel={demo?.voiceModel === true} />
      </div>
      {!comesToListen && live}
    </div>
  );
}

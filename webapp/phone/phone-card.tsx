import { Phone, PhoneOff } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { callPath } from '../components/app-route.ts';
import { lengthWords } from '../components/call-words.ts';
import { PageLink } from '../components/page-link.tsx';
import { useNow } from '../components/use-now.ts';
import { ConnectedControls } from './connected-controls.tsx';
import { IdlePhone } from './idle-phone.tsx';
import type { PhoneLine, PhoneState } from './phone-state.ts';
import { RoundButton } from './round-button.tsx';
import { spaced } from './spaced-number.ts';
import type { Softphone } from './use-softphone.ts';

/** The phone itself: as tall whatever it does, so that nothing jumps when it rings. */
export function PhoneCard({
  phone,
  call,
  hasSimulatedModel,
}: {
  readonly phone: Softphone;
  /** The call that is on the line, as soon as the page knows of it. */
  readonly call: Call | undefined;
  readonly hasSimulatedModel: boolean;
}) {
  const { state } = phone;
  const { line } = state;
  const [showsKeypad, setShowsKeypad] = useState(false);
  return (
    <section
      aria-label="Your phone"
      className={`mx-auto flex w-full max-w-[22rem] ${line.is === 'connected' ? 'lg:min-h-[35rem]' : 'min-h-[35rem]'} flex-col rounded-[2.25rem] border border-line bg-surface p-6 shadow-lg shadow-black/5`}
    >
      <LinkState state={state} />
      {line.is === 'idle' && <IdlePhone phone={phone} hasSimulatedModel={hasSimulatedModel} />}
      {line.is === 'ringing' && (
        <Face line={line} call={call} status="is calling you" isRinging>
          <RoundButton icon={PhoneOff} label="Decline" colour="stop" onClick={phone.hangUp} />
          <RoundButton
            icon={Phone}
            label="Answer"
            colour="go"
            onClick={() => phone.answer(!hasSimulatedModel)}
          />
        </Face>
      )}
      {(line.is === 'dialing' || line.is === 'answering') && (
        <Face line={line} call={call} status={line.is === 'dialing' ? 'Dialing…' : 'Connecting…'}>
          <RoundButton icon={PhoneOff} label="Hang up" colour="stop" onClick={phone.hangUp} />
        </Face>
      )}
      {line.is === 'connected' && (
        <>
          <Face
            line={line}
            call={call}
            status={<Timer since={line.since} />}
            shows={showsKeypad ? 'name' : 'most'}
          />
          <ConnectedControls phone={phone} showsKeypad={showsKeypad} onKeypad={setShowsKeypad} />
        </>
      )}
      {line.is === 'ended' && (
        <Face line={line} call={call} status={endWords(line)}>
          <div className="grid w-full gap-3">
            {call !== undefined && (
              <PageLink to={callPath(call.callId)} className="button border border-line">
                What came of it
              </PageLink>
            )}
            <button
              type="button"
              className="button w-full bg-accent text-on-accent"
              onClick={phone.putAway}
              autoFocus
            >
              Done
            </button>
          </div>
        </Face>
      )}
    </section>
  );
}

function LinkState({ state: { link, number } }: { readonly state: PhoneState }) {
  const isThere = link === 'plugged-in';
  return (
    <p className="flex items-center justify-between text-sm text-muted">
      <span className="tabular-nums">{number === undefined ? '\u00a0' : spaced(number)}</span>
      <span role="status" className="flex items-center gap-1.5">
        <span
          aria-hidden="true"
          className={`size-2 rounded-full ${isThere ? 'bg-live' : 'animate-pulse bg-wait motion-reduce:animate-none'}`}
        />
        {isThere ? 'Plugged in' : link === 'lost' ? 'Reconnecting…' : 'Connecting…'}
      </span>
    </p>
  );
}

/** Who it is and what they want. */
function Face({
  line,
  call,
  status,
  isRinging = false,
  shows = 'all',
  children,
}: {
  readonly line: Exclude<PhoneLine, { is: 'idle' }>;
  readonly call: Call | undefined;
  readonly status: ReactNode;
  readonly isRinging?: boolean;
  /** The name alone leaves room for a keypad; on a small screen a talk leaves room for its words. */
  readonly shows?: 'all' | 'most' | 'name';
  readonly children?: ReactNode;
}) {
  return (
    <>
      <div className="mt-5 grid justify-items-center text-center">
        {shows !== 'name' && (
          <span
            className={`relative mb-4 ${shows === 'most' ? 'hidden lg:grid' : 'grid'} size-20 place-content-center rounded-full bg-agent text-accent`}
          >
            {isRinging && (
              <span
                aria-hidden="true"
                className="absolute inset-0 animate-ping rounded-full bg-agent motion-reduce:animate-none"
              />
            )}
            <Phone aria-hidden="true" className="relative size-9" />
          </span>
        )}
        <p className="text-xl font-semibold">The agent</p>
        <p className="text-muted tabular-nums">{spaced(line.other)}</p>
        <p role="status" className="mt-1 font-medium">
          {status}
        </p>
        {shows !== 'name' && call?.direction === 'outbound' && (
          <p className="mt-3 line-clamp-4 text-sm break-words text-muted">
            <span className="sr-only">Goal: </span>“{call.errand.goal}”
          </p>
        )}
      </div>
      {children !== undefined && <div className="mt-auto flex justify-around pt-6">{children}</div>}
    </>
  );
}

function Timer({ since }: { readonly since: number }) {
  const now = useNow(true);
  return (
    <span className="tabular-nums" role="timer">
      {lengthWords(Math.max(0, Math.floor((now - since) / 1000)))}
    </span>
  );
}

function endWords({ why, wasConnected }: Extract<PhoneLine, { is: 'ended' }>): string {
  switch (why) {
    case 'other-phone':
      return 'Answered on another phone';
    case 'lost':
      return 'The connection was lost';
    case 'you':
      return wasConnected ? 'You hung up' : 'You declined';
    case 'other-end':
      return wasConnected ? 'Call ended' : 'Missed call';
  }
}

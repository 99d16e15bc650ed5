import { Download } from 'lucide-react';
import { useState } from 'react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import { serverOrigin } from '../live/server-address.ts';

/** The sound of an ended call; nothing while the server does not have it. */
export function RecordingCard({ call }: { readonly call: Call }) {
  const [isMissing, setIsMissing] = useState(false);
  if (call.recording === null || isMissing) return null;
  if (call.recording.storage === 'carrier') {
    return (
      <section aria-labelledby="recording" className="card grid grid-cols-1 gap-3 p-4">
        <h2 id="recording" className="font-semibold">
          Recording
        </h2>
        <p className="text-sm text-muted">
          Left at the carrier, as <code className="break-all">{call.recording.recordingId}</code>.
        </p>
      </section>
    );
  }
  const address = `${serverOrigin}/api/calls/${call.callId}/recording`;
  return (
    <section aria-labelledby="recording" className="card grid grid-cols-1 gap-3 p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="recording" className="font-semibold">
          Recording
        </h2>
        <a
          className="inline-flex items-center gap-1.5 rounded text-sm text-accent hover:underline"
          href={address}
          download={`${call.callId}.wav`}
        >
          <Download aria-hidden="true" className="size-4" />
          Download
        </a>
      </div>
      <audio
        controls
        preload="metadata"
        className="w-full"
        aria-label="Recording of the call"
        src={address}
        onError={() => setIsMissing(true)}
      />
    </section>
  );
}

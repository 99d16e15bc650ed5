import { Download, Link2 } from 'lucide-react';
import { useState } from 'react';
import type { Call } from '../../websocket-server/src/call/call.ts';
import type { Transcript } from '../../websocket-server/src/call/transcript.ts';
import { callPath } from './app-route.ts';
import { callAsJson, callAsText } from './call-export.ts';
import { useHiddenNumbers, useShownNumber } from './hidden-numbers.ts';

const buttonLook =
  'inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-md border border-line px-3 text-sm font-medium hover:bg-sunken';

/** A link to the call, and the call as a file, in which numbers are as hidden as they are on the page. */
export function ShareCard({ call, transcript }: { readonly call: Call; readonly transcript: Transcript }) {
  const [said, setSaid] = useState('');
  const isHidden = useHiddenNumbers();
  const shown = useShownNumber();
  const shared = { ...call, to: shown(call.to), from: shown(call.from) };

  async function copyLink(): Promise<void> {
    const link = new URL(callPath(call.callId), window.location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      setSaid('Link copied. Whoever opens it needs access to this server.');
    } catch {
      // A page served over plain HTTP from elsewhere has no clipboard.
      setSaid(link);
    }
  }

  return (
    <section aria-label="Share this call" className="grid grid-cols-1 gap-2 px-1">
      <div className="flex flex-wrap gap-2">
        <button type="button" className={buttonLook} onClick={() => void copyLink()}>
          <Link2 aria-hidden="true" className="size-4" />
          Copy link
        </button>
        <button
          type="button"
          className={buttonLook}
          onClick={() => save(`${call.callId}.txt`, 'text/plain', callAsText(shared, transcript))}
        >
          <Download aria-hidden="true" className="size-4" />
          Text
        </button>
        <button
          type="button"
          className={buttonLook}
          onClick={() => save(`${call.callId}.json`, 'application/json', callAsJson(shared, transcript))}
        >
          <Download aria-hidden="true" className="size-4" />
          JSON
        </button>
      </div>
      {isHidden && <p className="text-sm text-muted">Numbers are hidden in files, too.</p>}
      <p role="status" className="text-sm break-all text-muted">
        {said}
      </p>
    </section>
  );
}

function save(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

import { useState } from 'react';
import { sentenceOf } from '../../live/ask-server.ts';
import { pointNumberHere } from '../../live/setup-api.ts';

/** Has the carrier send calls to our number to this server. */
export function PointHereButton({ onDone }: { readonly onDone: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function point(): Promise<void> {
    setIsAsking(true);
    setProblem(undefined);
    try {
      await pointNumberHere();
      onDone();
    } catch (failure) {
      setProblem(sentenceOf(failure));
    }
    setIsAsking(false);
  }

  return (
    <div className="mt-3">
      <button
        type="button"
        className="button bg-accent text-on-accent"
        disabled={isAsking}
        onClick={() => void point()}
      >
        {isAsking ? 'Asking the carrier…' : 'Send its calls here'}
      </button>
      {problem !== undefined && (
        <p role="alert" className="mt-2 rounded-lg bg-bad-tint px-3 py-2 text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}

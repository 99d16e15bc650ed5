import { PhoneCall, PhoneIncoming } from 'lucide-react';
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import { demoGoal } from '../components/demo-numbers.ts';
import { sentenceOf } from '../live/ask-server.ts';
import { placeCall } from '../live/server-api.ts';
import type { Softphone } from './use-softphone.ts';

/** On the hook: waits, has the agent ring, or rings the agent. */
export function IdlePhone({
  phone,
  hasSimulatedModel,
}: {
  readonly phone: Softphone;
  readonly hasSimulatedModel: boolean;
}) {
  const { number, agentNumber, link } = phone.state;
  const [goal, setGoal] = useState(demoGoal);
  const [problem, setProblem] = useState<string>();
  const [isPlacing, setIsPlacing] = useState(false);
  const goalId = useId();
  const isReady = link === 'plugged-in' && number !== undefined;

  async function beRung(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (number === undefined || isPlacing) return;
    setProblem(undefined);
    setIsPlacing(true);
    try {
      await placeCall({ to: number, goal: goal.trim() === '' ? demoGoal : goal.trim() });
    } catch (failure) {
      setProblem(sentenceOf(failure));
    }
    setIsPlacing(false);
  }

  return (
    <div className="mt-6 flex grow flex-col">
      <p className="text-2xl font-semibold">Waiting for a call</p>
      <p className="mt-2 text-sm text-muted">
        Be the person on the line: have the agent ring you here, and play the restaurant, the shop, the
        dentist. Calls to {number ?? 'your number'} from any assistant ring here too.
      </p>
      <form onSubmit={(event) => void beRung(event)} className="mt-5 grid gap-3">
        <label htmlFor={goalId} className="-mb-2 text-sm font-medium">
          What the agent wants of you
        </label>
        <textarea
          id={goalId}
          className="field"
          rows={3}
          value={goal}
          onChange={(event) => setGoal(event.target.value)}
        />
        <button
          type="submit"
          className="button gap-2 bg-accent text-on-accent"
          disabled={!isReady || isPlacing}
        >
          <PhoneIncoming aria-hidden="true" className="size-5" />
          Ring me
        </button>
        {problem !== undefined && (
          <p role="alert" className="rounded-lg bg-bad-tint px-3 py-2 text-sm break-words text-bad">
            {problem}
          </p>
        )}
      </form>
      {agentNumber !== null && (
        <button
          type="button"
          className="button mt-3 gap-2 border border-line"
          disabled={!isReady}
          onClick={() => phone.dial(!hasSimulatedModel)}
        >
          <PhoneCall aria-hidden="true" className="size-5" />
          Call the agent
        </button>
      )}
      <label className="mt-auto flex min-h-11 cursor-pointer items-center gap-3 pt-4 text-sm">
        <input
          type="checkbox"
          className="size-5 accent-accent"
          checked={phone.ringsForEvery}
          onChange={(event) => phone.ringForEvery(event.target.checked)}
        />
        Ring here for every number that is called
      </label>
    </div>
  );
}

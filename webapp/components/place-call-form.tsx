import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import { sentenceOf } from '../live/ask-server.ts';
import { placeCall } from '../live/server-api.ts';
import { callPath, goTo } from './app-route.ts';
import { emptyDraft, requestOf } from './call-draft.ts';
import type { CallDraft } from './call-draft.ts';
import { DemoNumberPicker } from './demo-number-picker.tsx';
import { demoGoal } from './demo-numbers.ts';
import { TextField } from './text-field.tsx';

/** Asks for a call and goes to its page. What the server refuses stays in the form, with its reason. */
export function PlaceCallForm({ isDemo }: { readonly isDemo: boolean }) {
  const [draft, setDraft] = useState(emptyDraft);
  const [problem, setProblem] = useState<string>();
  const [isPlacing, setIsPlacing] = useState(false);
  const hintId = useId();
  const change = (changed: Partial<CallDraft>) => setDraft((before) => ({ ...before, ...changed }));

  async function place(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isPlacing) return;
    const asked = requestOf(draft);
    if ('problem' in asked) return setProblem(asked.problem);
    setProblem(undefined);
    setIsPlacing(true);
    try {
      goTo(callPath((await placeCall(asked.request)).callId));
    } catch (failure) {
      setProblem(sentenceOf(failure));
      setIsPlacing(false);
    }
    return undefined;
  }

  return (
    <form
      aria-labelledby="place-call"
      className="card grid grid-cols-1 gap-4 p-4"
      onSubmit={(event) => void place(event)}
    >
      <h2 id="place-call" className="font-semibold">
        Place a call
      </h2>
      <TextField
        label="Number"
        type="tel"
        isRequired
        value={draft.to}
        onChange={(to) => change({ to })}
        placeholder="+14155550101"
        describedBy={isDemo ? undefined : hintId}
      />
      <div className="-mt-2 min-h-9">
        {isDemo ? (
          <DemoNumberPicker
            onPick={(to) => change({ to, goal: draft.goal === '' ? demoGoal : draft.goal })}
          />
        ) : (
          <p id={hintId} className="text-sm text-muted">
            With country code, starting with +
          </p>
        )}
      </div>
      <TextField
        label="Goal"
        isRequired
        rows={2}
        value={draft.goal}
        onChange={(goal) => change({ goal })}
        placeholder={demoGoal}
      />
      <details>
        <summary className="rounded text-sm font-medium text-accent">
          Details, instructions and limits
        </summary>
        <div className="mt-4 grid grid-cols-1 gap-4">
          <TextField
            label="Details"
            rows={3}
            value={draft.details}
            onChange={(details) => change({ details })}
            placeholder={'name: Rivera\nparty size: 2'}
            hint="One “name: value” a line, for the agent to know"
          />
          <TextField
            label="Instructions"
            rows={2}
            value={draft.instructions}
            onChange={(instructions) => change({ instructions })}
            placeholder="Be brief. Outside seating if there is any."
          />
          <TextField
            label="Call from"
            type="tel"
            value={draft.from}
            onChange={(from) => change({ from })}
            hint="Empty: the number set on the server"
          />
          <TextField
            label="Longest call, in seconds"
            type="number"
            value={draft.timeoutSec}
            onChange={(timeoutSec) => change({ timeoutSec })}
            placeholder="180"
          />
        </div>
      </details>
      {problem !== undefined && (
        <p role="alert" className="rounded-lg bg-bad-tint px-3 py-2 text-sm break-words text-bad">
          {problem}
        </p>
      )}
      <button type="submit" className="button bg-accent text-on-accent" disabled={isPlacing}>
        {isPlacing ? 'Placing…' : 'Call'}
      </button>
    </form>
  );
}

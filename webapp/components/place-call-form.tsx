import { useState } from 'react';
import type { FormEvent } from 'react';
import { sentenceOf } from '../live/ask-server.ts';
import { placeCall } from '../live/server-api.ts';
import { useVerdict } from '../live/use-verdict.ts';
import { callPath, goTo } from './app-route.ts';
import { emptyDraft, requestOf } from './call-draft.ts';
import type { CallDraft } from './call-draft.ts';
import { DemoNumberPicker } from './demo-number-picker.tsx';
import { demoGoal } from './demo-numbers.ts';
import { PhoneNumberField } from './phone-number-field.tsx';
import { ResultFieldsEditor } from './result-fields-editor.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';
import { VerdictLine } from './verdict-line.tsx';

/** Asks for a call and goes to its page. What the server refuses stays in the form, with its reason. */
export function PlaceCallForm({ isDemo }: { readonly isDemo: boolean }) {
  const [draft, setDraft] = useState(emptyDraft);
  const [problem, setProblem] = useState<string>();
  const [isPlacing, setIsPlacing] = useState(false);
  const asked = requestOf(draft);
  const isWhole = 'request' in asked && asked.request.to !== '' && asked.request.goal !== '';
  const verdict = useVerdict(isWhole && !isPlacing ? asked.request : undefined);
  const change = (changed: Partial<CallDraft>) => {
    setDraft((before) => ({ ...before, ...changed }));
    setProblem(undefined);
  };

  async function place(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isPlacing) return;
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
      <div>
        <PhoneNumberField
          label="Number"
          typed={draft.typedNumber}
          placeholder="+14155550101"
          onChange={(typedNumber, to) => change({ typedNumber, to })}
        />
        {isDemo && (
          <DemoNumberPicker
            onPick={(to) => change({ typedNumber: to, to, goal: draft.goal === '' ? demoGoal : draft.goal })}
          />
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
          Details, voicemail, result and limits
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
          <div className="grid grid-cols-1 gap-2">
            <SelectField
              label="On a voicemail"
              value={draft.voicemail}
              choices={[
                ['hang_up', 'Hang up'],
                ['leave_message', 'Leave a message'],
              ]}
              onChange={(voicemail) => change({ voicemail })}
            />
            {draft.voicemail === 'leave_message' && (
              <TextField
                label="Message"
                rows={2}
                value={draft.message}
                onChange={(message) => change({ message })}
                hint="Empty: the agent words it"
              />
            )}
          </div>
          <ResultFieldsEditor fields={draft.results} onChange={(results) => change({ results })} />
          <TextField
            label="Call from"
            type="tel"
            value={draft.from}
            onChange={(from) => change({ from })}
            hint="Empty: the number set on the server"
          />
          <div className="grid grid-cols-2 gap-3">
            <SelectField
              label="Who is rung"
              value={draft.callee}
              choices={[
                ['business', 'A business'],
                ['person', 'A person'],
              ]}
              onChange={(callee) => change({ callee })}
            />
            <TextField
              label="Language"
              value={draft.language}
              onChange={(language) => change({ language })}
              placeholder="en, de-AT"
            />
          </div>
          <TextField
            label="Longest call, in seconds"
            type="number"
            value={draft.timeoutSec}
            onChange={(timeoutSec) => change({ timeoutSec })}
            placeholder="180"
          />
        </div>
      </details>
      <VerdictLine verdict={problem === undefined ? verdict : undefined} />
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

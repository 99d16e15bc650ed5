import { Phone, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { sentenceOf } from '../live/ask-server.ts';
import { placeCall } from '../live/server-api.ts';
import { useVerdict } from '../live/use-verdict.ts';
import { callPath, goTo } from './app-route.ts';
import { AuthorityFields } from './authority-fields.tsx';
import { CallDetailsFields } from './call-details-fields.tsx';
import { emptyDraft, requestOf } from './call-draft.ts';
import type { CallDraft } from './call-draft.ts';
import { CallWhenFields } from './call-when-fields.tsx';
import { DemoNumberPicker } from './demo-number-picker.tsx';
import { demoGoal } from './demo-numbers.ts';
import { PhoneNumberField } from './phone-number-field.tsx';
import { TextField } from './text-field.tsx';
import { VerdictLine } from './verdict-line.tsx';

/**
 * Asks for a call and goes to its page. What the server refuses stays in the form, with its reason. On a small screen
 * it is folded up, so that the calls come first.
 *
 * @param isFirst there are no calls yet: it is open wherever it stands
 */
export function PlaceCallForm({
  isDemo,
  canRecord,
  isFirst,
}: {
  readonly isDemo: boolean;
  readonly canRecord: boolean;
  readonly isFirst: boolean;
}) {
  const form = useRef<HTMLFormElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const [isAsked, setIsAsked] = useState(false);
  const isOpen = isAsked || isFirst;
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

  function open(isToBe: boolean): void {
    setIsAsked(isToBe);
    requestAnimationFrame(() => {
      if (isToBe) form.current?.querySelector('input')?.focus();
      else opener.current?.focus();
    });
  }

  const whole = (
    <form
      ref={form}
      id="place-call-form"
      aria-labelledby="place-call"
      className={`card grid grid-cols-1 gap-4 p-4 ${isOpen ? '' : 'max-lg:hidden'}`}
      onSubmit={(event) => void place(event)}
    >
      <div className="flex items-center justify-between">
        <h2 id="place-call" className="font-semibold">
          Place a call
        </h2>
        {isAsked && (
          <button
            type="button"
            className="-my-2 grid size-10 cursor-pointer place-content-center rounded-full hover:bg-sunken lg:hidden"
            aria-label="Fold the form up"
            onClick={() => open(false)}
          >
            <X aria-hidden="true" className="size-5" />
          </button>
        )}
      </div>
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
      <Part title="Details, voicemail, result and limits">
        <CallDetailsFields draft={draft} change={change} />
      </Part>
      <Part title="When, and recording">
        <CallWhenFields draft={draft} change={change} canRecord={canRecord} />
      </Part>
      <Part title="What the agent may do">
        <AuthorityFields authority={draft.authority} onChange={(authority) => change({ authority })} />
      </Part>
      <VerdictLine verdict={problem === undefined ? verdict : undefined} />
      {problem !== undefined && (
        <p role="alert" className="rounded-lg bg-bad-tint px-3 py-2 text-sm break-words text-bad">
          {problem}
        </p>
      )}
      <button type="submit" className="button bg-accent text-on-accent" disabled={isPlacing}>
        {isPlacing ? 'Placing…' : draft.scheduleAt === '' ? 'Call' : 'Schedule the call'}
      </button>
    </form>
  );
  return (
    <div className="min-w-0">
      {!isOpen && (
        <button
          ref={opener}
          type="button"
          className="button w-full gap-2 bg-accent text-on-accent lg:hidden"
          aria-expanded={false}
          aria-controls="place-call-form"
          onClick={() => open(true)}
        >
          <Phone aria-hidden="true" className="size-4" />
          Place a call
        </button>
      )}
      {whole}
    </div>
  );
}

/** What a first call does without. */
function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details>
      <summary className="rounded text-sm font-medium text-accent">{title}</summary>
      <div className="mt-4">{children}</div>
    </details>
  );
}

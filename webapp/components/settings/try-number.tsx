import { useState } from 'react';
import type { FormEvent } from 'react';
import { sentenceOf } from '../../live/ask-server.ts';
import { judgeCall } from '../../live/server-api.ts';
import type { CallRequest, Verdict } from '../../live/server-api.ts';
import { useMay } from '../../live/use-session.ts';
import { VerdictLine } from '../verdict-line.tsx';
import { FormField } from './form-field.tsx';
import { SettingsSection } from './settings-section.tsx';

const callees = [
  { value: 'business', label: 'A business' },
  { value: 'person', label: 'A private person' },
];

/** Asks what the saved limits say of a number; nothing is dialed. */
export function TryNumber() {
  const mayPlace = useMay('calls:place');
  const [number, setNumber] = useState('');
  const [callee, setCallee] = useState('business');
  const [verdict, setVerdict] = useState<Verdict>();
  if (!mayPlace) return null;

  async function judge(event: FormEvent): Promise<void> {
    event.preventDefault();
    const request: CallRequest = {
      to: number.trim().replaceAll(/[\s().-]/g, ''),
      goal: 'Ask whether this number may be called',
      ...(callee === 'person' && { callee }),
    };
    setVerdict(
      await judgeCall(request, new AbortController().signal).catch((failure: unknown) => ({
        isAllowed: false,
        reasons: [sentenceOf(failure)],
        warnings: [],
      })),
    );
  }

  return (
    <SettingsSection
      id="try-number"
      title="May it be called?"
      intro="What the limits, as they are saved, and the list below say of a number at this moment. Nothing is dialed."
    >
      <form
        aria-label="Try a number"
        className="grid grid-cols-1 items-end gap-3 sm:grid-cols-[14rem_minmax(0,1fr)_auto]"
        onSubmit={(event) => void judge(event)}
      >
        <FormField
          label="Number to try"
          inputMode="tel"
          value={number}
          placeholder="+14155550123"
          onChange={(typed) => {
            setNumber(typed);
            setVerdict(undefined);
          }}
        />
        <FormField
          label="It belongs to"
          value={callee}
          options={callees}
          onChange={(chosen) => {
            setCallee(chosen);
            setVerdict(undefined);
          }}
        />
        <button type="submit" className="button border border-edge" disabled={number.trim() === ''}>
          Try it
        </button>
      </form>
      <VerdictLine verdict={verdict} />
    </SettingsSection>
  );
}

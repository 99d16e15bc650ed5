import { Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import { sentenceOf } from '../../live/ask-server.ts';
import { allowNumber, barNumber, readBarred } from '../../live/do-not-call-api.ts';
import type { BarredNumber, BarredPage } from '../../live/do-not-call-api.ts';
import { useMay } from '../../live/use-session.ts';
import { useShownNumber } from '../hidden-numbers.ts';
import { LocalTime } from '../local-time.tsx';
import { FormField } from './form-field.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Numbers that are never called again: whoever asked for it in a call, and those added here. */
export function DoNotCallSection() {
  const mayPlace = useMay('calls:place');
  const mayControl = useMay('calls:control');
  const mayChange = mayPlace && mayControl;
  const [page, setPage] = useState<BarredPage>();
  const [problem, setProblem] = useState<string>();
  const [number, setNumber] = useState('');
  const [note, setNote] = useState('');

  useEffect(() => {
    const closing = new AbortController();
    readBarred(null, closing.signal).then(setPage, (failure: unknown) => {
      if (!closing.signal.aborted) setProblem(sentenceOf(failure));
    });
    return () => closing.abort();
  }, []);

  async function attempt(act: () => Promise<void>): Promise<void> {
    setProblem(undefined);
    try {
      await act();
    } catch (failure) {
      setProblem(sentenceOf(failure));
    }
  }

  function add(event: FormEvent): void {
    event.preventDefault();
    void attempt(async () => {
      await barNumber(number, note.trim());
      setPage(await readBarred(null));
      setNumber('');
      setNote('');
    });
  }

  const remove = (barred: BarredNumber) =>
    attempt(async () => {
      await allowNumber(barred.number);
      setPage(await readBarred(null));
    });

  const showMore = ({ entries, nextCursor }: BarredPage) =>
    attempt(async () => {
      const next = await readBarred(nextCursor);
      setPage({ entries: [...entries, ...next.entries], nextCursor: next.nextCursor });
    });

  return (
    <SettingsSection
      id="do-not-call"
      title="Do not call"
      intro="Numbers that are never called again. The agent adds whoever asks for it in a call. Changes here take effect at once."
    >
      {page?.entries.length === 0 && (
        <p className="rounded-lg bg-sunken px-4 py-3 text-sm text-muted">No number is on the list.</p>
      )}
      {page !== undefined && page.entries.length > 0 && (
        <ul className="divide-y divide-line" aria-label="Numbers that are not called">
          {page.entries.map((barred) => (
            <Row
              key={barred.number}
              barred={barred}
              onRemove={mayChange ? () => void remove(barred) : undefined}
            />
          ))}
        </ul>
      )}
      {page !== undefined && page.nextCursor !== null && (
        <button
          type="button"
          className="button justify-self-start border border-edge"
          onClick={() => void showMore(page)}
        >
          Show more
        </button>
      )}
      {mayChange && (
        <form
          aria-label="Add a number that is not called"
          className="grid grid-cols-1 items-end gap-3 sm:grid-cols-[14rem_minmax(0,1fr)_auto]"
          onSubmit={add}
        >
          <FormField
            label="Number"
            inputMode="tel"
            value={number}
            placeholder="+14155550123"
            onChange={setNumber}
          />
          <FormField label="Why" value={note} onChange={setNote} />
          <button type="submit" className="button border border-edge" disabled={number.trim() === ''}>
            Add to the list
          </button>
        </form>
      )}
      {problem !== undefined && (
        <p role="alert" className="rounded-lg bg-bad-tint px-3 py-2 text-sm text-bad">
          {problem}
        </p>
      )}
    </SettingsSection>
  );
}

function Row({
  barred,
  onRemove,
}: {
  readonly barred: BarredNumber;
  readonly onRemove: (() => void) | undefined;
}) {
  const shown = useShownNumber();
  const { number, addedAt, addedBy, note } = barred;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-4 py-1 text-sm">
      <span className="font-medium tabular-nums">{shown(number)}</span>
      <span className="min-w-0 text-muted">
        {addedBy === 'person' ? 'Asked for it in a call' : 'Added by the operator'}
        {note !== null && `: ${note}`}
      </span>
      <span className="ml-auto flex items-center gap-3">
        <LocalTime at={addedAt} />
        {onRemove !== undefined && (
          <button
            type="button"
            className="inline-flex size-9 cursor-pointer items-center justify-center rounded-md text-muted hover:text-bad"
            aria-label={`Let ${shown(number)} be called again`}
            title="Let it be called again"
            onClick={onRemove}
          >
            <Trash2 aria-hidden="true" className="size-4" />
          </button>
        )}
      </span>
    </li>
  );
}

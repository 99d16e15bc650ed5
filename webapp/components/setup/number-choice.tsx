import { useEffect, useId, useState } from 'react';
import { sentenceOf } from '../../live/ask-server.ts';
import { chooseNumber, readNumbers } from '../../live/setup-api.ts';
import type { AccountNumber } from '../../live/setup-api.ts';

/** The account's numbers, and which of them calls come from. */
export function NumberChoice({
  chosen,
  mayChoose,
  onChosen,
}: {
  readonly chosen: string | null;
  readonly mayChoose: boolean;
  readonly onChosen: () => void;
}) {
  const [numbers, setNumbers] = useState<readonly AccountNumber[]>();
  const [problem, setProblem] = useState<string>();
  const group = useId();

  useEffect(() => {
    const closing = new AbortController();
    readNumbers(closing.signal).then(setNumbers, (failure: unknown) => {
      if (!closing.signal.aborted) setProblem(sentenceOf(failure));
    });
    return () => closing.abort();
  }, [chosen]);

  async function choose(number: string): Promise<void> {
    setProblem(undefined);
    try {
      await chooseNumber(number);
      onChosen();
    } catch (failure) {
      setProblem(sentenceOf(failure));
    }
  }

  return (
    <fieldset className="grid grid-cols-1 gap-2">
      <legend className="mb-2 font-semibold">Calls come from</legend>
      {problem !== undefined && (
        <p role="alert" className="rounded-lg bg-bad-tint px-3 py-2 text-sm text-bad">
          {problem}
        </p>
      )}
      {numbers === undefined && problem === undefined && (
        <p className="card px-4 py-3 text-sm text-muted">Asking for the account’s numbers…</p>
      )}
      {numbers?.length === 0 && (
        <p className="card px-4 py-3 text-sm text-muted">The account has no numbers.</p>
      )}
      {numbers?.map((row) => (
        <label
          key={row.number}
          className="card flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent"
        >
          <input
            type="radio"
            name={group}
            className="size-4 accent-accent"
            checked={row.number === chosen}
            disabled={!mayChoose || !row.hasVoice}
            onChange={() => void choose(row.number)}
          />
          <span className="font-medium tabular-nums">{row.number}</span>
          {row.label !== null && <span className="text-sm text-muted">{row.label}</span>}
          <span className="text-sm text-muted sm:ml-auto">{useOf(row)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function useOf({ hasVoice, isPointedHere }: AccountNumber): string {
  if (!hasVoice) return 'Messages only, no calls';
  return isPointedHere ? 'Calls to it come here' : 'Calls to it do not come here';
}

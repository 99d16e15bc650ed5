import { Plus, X } from 'lucide-react';
import { useRef } from 'react';
import { releaseWords } from './authority-draft.ts';
import type { AuthorityDraft, FactDraft } from './authority-draft.ts';
import { CheckField } from './check-field.tsx';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';

/** What the agent may tell, agree to and do in the call. */
export function AuthorityFields({
  authority,
  onChange,
}: {
  readonly authority: AuthorityDraft;
  readonly onChange: (authority: AuthorityDraft) => void;
}) {
  const change = (changed: Partial<AuthorityDraft>) => onChange({ ...authority, ...changed });
  return (
    <div className="grid grid-cols-1 gap-4">
      <p className="text-sm text-muted">
        Empty: as far as the goal goes. What you set here holds whatever the person says.
      </p>
      <FactFields facts={authority.facts} onChange={(facts) => change({ facts })} />
      <TextField
        label="May agree to"
        rows={2}
        value={authority.mayAgreeTo}
        onChange={(mayAgreeTo) => change({ mayAgreeTo })}
        placeholder="Any table from 18:00 to 20:30, indoors"
      />
      <TextField
        label="May spend, in US dollars"
        type="number"
        value={authority.maxSpend}
        onChange={(maxSpend) => change({ maxSpend })}
        placeholder="25"
        hint="What it may agree to pay. 0: nothing"
      />
      <CheckField
        label="May hand the call over to me"
        isOn={authority.mayTransfer}
        onChange={(mayTransfer) => change({ mayTransfer })}
      />
      <CheckField
        label="May press keys in phone menus"
        isOn={authority.mayPressKeys}
        onChange={(mayPressKeys) => change({ mayPressKeys })}
      />
    </div>
  );
}

function FactFields({
  facts,
  onChange,
}: {
  readonly facts: readonly FactDraft[];
  readonly onChange: (facts: readonly FactDraft[]) => void;
}) {
  const nextId = useRef(1);
  const change = (id: number, changed: Partial<FactDraft>) =>
    onChange(facts.map((fact) => (fact.id === id ? { ...fact, ...changed } : fact)));
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Facts, and when to tell them</legend>
      <ul className="grid grid-cols-1 gap-3">
        {facts.map((fact) => (
          <li key={fact.id} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] gap-2">
            <input
              className="field"
              aria-label="Name of the fact"
              placeholder="date of birth"
              value={fact.name}
              onChange={(event) => change(fact.id, { name: event.target.value })}
            />
            <SelectField
              label="When to tell it"
              isLabelHidden
              value={fact.release}
              choices={releaseWords}
              onChange={(release) => change(fact.id, { release })}
            />
            <button
              type="button"
              className="button px-2 text-muted hover:text-ink"
              aria-label={`Remove ${fact.name === '' ? 'this fact' : fact.name}`}
              onClick={() => onChange(facts.filter(({ id }) => id !== fact.id))}
            >
              <X aria-hidden="true" className="size-4" />
            </button>
            <input
              className="field col-span-2"
              aria-label="Value of the fact"
              placeholder="1 May 1990"
              value={fact.value}
              onChange={(event) => change(fact.id, { value: event.target.value })}
            />
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="mt-2 inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-md border border-line px-3 text-sm font-medium hover:bg-sunken"
        onClick={() =>
          onChange([...facts, { id: nextId.current++, name: '', value: '', release: 'if_asked' }])
        }
      >
        <Plus aria-hidden="true" className="size-4" />
        Add a fact with a rule
      </button>
    </fieldset>
  );
}
